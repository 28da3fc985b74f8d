//! Signed files that were made to be read in two ways, by classes: `verify` refuses each, and says where.
//!
//! The files are built here byte by byte, since no library writes them; each class has a control, which holds.

use gongwen::sign::{SignError, SignOptions, sign};
use gongwen::verify::{SignatureReason, Verdict, Verification};

use crate::pki::{Identity, Key, root};
use crate::sign::{as_others_sign, key_of, now, signed, verified};

mod permitted;

/// A file of objects, with the place of each.
struct Written {
    bytes: Vec<u8>,
    places: Vec<(u32, usize)>,
}

const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R]>>";
pub const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>";
const FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(sig1)/Rect[0 0 0 0]/F 132/P 3 0 R>>";
const ID: &str = "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]";

fn contents(amount: &str) -> String {
    let text = format!("BT /F1 24 Tf 60 700 Td (Amount: {amount}) Tj ET\n");
    format!("<</Length {}>>\nstream\n{text}endstream", text.len())
}

impl Written {
    /// The objects of a document of one page and one field, with some in another form, and more.
    fn with(changed: &[(u32, &str)]) -> Written {
        Written::without(0, changed)
    }

    /// The same without one of them.
    fn without(left_out: u32, changed: &[(u32, &str)]) -> Written {
        let usual = [
            (1, CATALOG.to_owned()),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
            (3, PAGE.to_owned()),
            (4, contents("100")),
            (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned()),
            (6, FIELD.to_owned()),
        ];
        let mut written = Written { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), places: Vec::new() };
        for (number, text) in usual.into_iter().filter(|(number, _)| *number != left_out) {
            let text =
                changed.iter().find(|(other, _)| *other == number).map_or(text.as_str(), |(_, text)| text);
            written.add(number, text.as_bytes());
        }
        for (number, text) in changed.iter().filter(|(number, _)| *number > 6) {
            written.add(*number, text.as_bytes());
        }
        written
    }

    /// Adds an object; gives its place.
    fn add(&mut self, number: u32, text: &[u8]) -> usize {
        let at = self.bytes.len();
        self.places.push((number, at));
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.bytes.extend_from_slice(text);
        self.bytes.extend_from_slice(b"\nendobj\n");
        at
    }

    /// The file with a table of its objects.
    fn table(self) -> Vec<u8> {
        let rows: String =
            self.places.iter().map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n")).collect();
        self.ended(&format!("0 1\n0000000000 65535 f \n{rows}"), "/Size 200/Root 1 0 R", "")
    }

    /// The file with a table of these rows, a trailer of these entries, and some text after it.
    fn ended(mut self, rows: &str, trailer: &str, after: &str) -> Vec<u8> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(
            format!("xref\n{rows}trailer\n<<{trailer}{ID}>>\n{after}startxref\n{start}\n%%EOF\n").as_bytes(),
        );
        self.bytes
    }

    /// The file with a stream of cross-references: number, kind, and the two fields of each.
    fn stream(mut self, rows: &[(u32, u8, usize, u16)], entries: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let mut rows = rows.to_vec();
        rows.push((150, 1, start, 0));
        let index: String = rows.iter().map(|(number, ..)| format!("{number} 1 ")).collect();
        let data: Vec<u8> = rows
            .iter()
            .flat_map(|&(_, kind, one, two)| {
                [&[kind][..], &(one as u32).to_be_bytes(), &two.to_be_bytes()].concat()
            })
            .collect();
        let head = format!(
            "<</Type/XRef/Size 200/Root 1 0 R/W[1 4 2]/Index[{index}]{ID}{entries}/Length {}>>\nstream\n",
            data.len()
        );
        self.add(150, &[head.as_bytes(), &data, b"\nendstream"].concat());
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }

    /// The rows of its objects for [`Written::stream`].
    fn rows(&self) -> Vec<(u32, u8, usize, u16)> {
        let rows = self.places.iter().map(|&(number, at)| (number, 1, at, 0));
        std::iter::once((0, 0, 0, u16::MAX)).chain(rows).collect()
    }
}

/// A file with an update of these objects, and of places in what is there.
fn updated(pdf: &[u8], objects: &[(u32, &str)], moved: &[(u32, usize)]) -> Vec<u8> {
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
    let previous = tail
        .split_once("startxref\n")
        .and_then(|(_, place)| place.lines().next())
        .expect("an end")
        .to_owned();
    let mut written = Written { bytes: pdf.to_vec(), places: moved.to_vec() };
    for (number, text) in objects {
        written.add(*number, text.as_bytes());
    }
    written.places.sort_unstable();
    let rows: String =
        written.places.iter().map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n")).collect();
    written.ended(&rows, &format!("/Size 300/Root 1 0 R/Prev {previous}"), "")
}

/// A document of one page and one field.
pub fn plain() -> Vec<u8> {
    Written::with(&[]).table()
}

/// The same with another catalog.
pub fn with_catalog(catalog: &str) -> Vec<u8> {
    Written::with(&[(1, catalog)]).table()
}

/// A document of one page and two fields, of which the second is this; with more objects, also in place of these.
fn with_two_fields(page: &str, field: &str, more: &[(u32, &str)]) -> Vec<u8> {
    let catalog = CATALOG.replace("[6 0 R]", "[6 0 R 7 0 R]");
    let page = page.replace("[6 0 R]", "[6 0 R 7 0 R]");
    let usual = [(1, catalog.as_str()), (3, page.as_str()), (7, field)];
    let is_free = |number: u32| more.iter().all(|(other, _)| *other != number);
    let usual = usual.into_iter().filter(|(number, _)| is_free(*number));
    Written::with(&usual.chain(more.iter().copied()).collect::<Vec<_>>()).table()
}

/// The same with the usual page and a field of this rectangle.
pub fn with_second_field(rect: &str, more: &[(u32, &str)]) -> Vec<u8> {
    with_two_fields(PAGE, &FIELD.replace("(sig1)", "(sig2)").replace("[0 0 0 0]", rect), more)
}

/// The same with each kind of cross-references: a table, a stream, a stream and a page in an object stream.
pub fn honest() -> [(String, Vec<u8>); 3] {
    let stream = Written::with(&[]);
    let rows = stream.rows();
    let mut packed = Written::without(3, &[]);
    let head = "3 0 ";
    let (first, length) = (head.len(), head.len() + PAGE.len());
    let text = format!("<</Type/ObjStm/N 1/First {first}/Length {length}>>\nstream\n{head}{PAGE}\nendstream");
    packed.add(8, text.as_bytes());
    let mut packed_rows = packed.rows();
    packed_rows.push((3, 2, 8, 0));
    [
        ("table".to_owned(), plain()),
        ("stream".to_owned(), stream.stream(&rows, "")),
        ("packed".to_owned(), packed.stream(&packed_rows, "")),
    ]
}

fn signer() -> (Identity, Identity) {
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    (root, signer)
}

/// Checks that what was signed is refused, with a place in it, before and after an update.
#[track_caller]
fn refused(found: &Verification, length: usize, what: &str) {
    assert!(!found.holds(), "{what}: {found:#?}");
    let place = found.signatures[0].reasons.iter().find_map(|reason| match reason {
        SignatureReason::AmbiguousSyntax { at } => Some(*at),
        _ => None,
    });
    assert!(place.is_some_and(|place| place < length), "{what}: {found:#?}");
}

/// Checks a class: each base is not signed unless that is permitted, and then refused.
#[track_caller]
fn all_refused(bases: impl IntoIterator<Item = (String, Vec<u8>)>) -> usize {
    let (root, signer) = signer();
    let mut count = 0;
    for (what, base) in bases {
        let by_itself = sign(&base, &key_of(&signer), &SignOptions::at(now()));
        assert!(matches!(by_itself, Err(SignError::Ambiguous { .. })), "{what}: {by_itself:?}");
        let pdf = signed(&base, &signer);
        refused(&verified(&pdf, &root), pdf.len(), &what);
        count += 1;
    }
    count
}

#[track_caller]
fn holds(base: &[u8], what: &str) -> Vec<u8> {
    let (root, signer) = signer();
    let pdf = sign(base, &key_of(&signer), &SignOptions::at(now())).expect(what).bytes;
    let found = verified(&pdf, &root);
    assert!(found.holds(), "{what}: {found:#?}");
    let catalog = CATALOG.replace(">>>>", ">>/DSS 180 0 R>>");
    let more = updated(&pdf, &[(180, "<</Type/DSS>>"), (1, &catalog)], &[]);
    let found = verified(&more, &root);
    assert!(found.holds(), "{what}: {found:#?}");
    pdf
}

#[test]
fn references_are_written_by_the_grammar() {
    // An update brings the object that these lead to, for programs that read them as references.
    let with = |reference: &[u8]| {
        let (before, after) = PAGE.split_once("4 0 R").expect("is there");
        let page = [before.as_bytes(), b"[4 0 R ", reference, b"]", after.as_bytes()].concat();
        let mut written = Written::with(&[]);
        written.places.retain(|(number, _)| *number != 3);
        written.add(3, &page);
        written.table()
    };
    let spellings: [&[u8]; 40] = [
        b"60-0 R",
        b"60+0 R",
        b"60 0R",
        b"60.0 0 R",
        b"60 0.0 R",
        b"+60 0 R",
        b"60 +0 R",
        b"60 -0 R",
        b"-60 0 R",
        b"60\x800 R",
        b"60 0\x80R",
        b"60\xff0 R",
        b"60 0\xffR",
        b"60 0 R\x80",
        b"60 0 R\xff",
        b"60\x0b0 R",
        b"60 0\x85R",
        b"60\xa00 R",
        b"4294967356 0 R",
        b"18446744073709551676 0 R",
        b"60 65536 R",
        b"60 4294967296 R",
        b"00000000060 0 R",
        b"60 00000000000 R",
        b"6e1 0 R",
        b"60 0 r",
        b"60 0 RR",
        b"60 0 R0",
        b"60 0 -R",
        b"60. 0 R",
        b"0x3c 0 R",
        b"60 %\r0 R",
        b"60 % x\n0 R",
        b"60 0 % x\rR",
        b"60--0 R",
        b"60 0 R.",
        b"#60 0 R",
        b"60_0 R",
        b"60 0 obj",
        b"60 0 \\R",
    ];
    for spelling in spellings {
        let what = String::from_utf8_lossy(spelling).into_owned();
        assert_eq!(all_refused([(what, with(spelling))]), 1);
    }
    // In other places than an array, too.
    for key in [
        "/Annots 60-0 R",
        "/B<</C 60 0R>>",
        "/A\u{80}B 60 0 R",
        "/B(a",
        "/B<6g>",
        "/B/C#0",
        "/Contents 4 0 R",
    ] {
        let page = PAGE.replace("/Parent", &format!("{key}/Parent"));
        all_refused([(key.to_owned(), Written::with(&[(3, &page)]).table())]);
    }
    // The same reference as it is written: what it leads to must not be filled.
    let (root, signer) = signer();
    let pdf = holds(&with(b"60 0 R"), "a reference to nothing");
    let found = verified(&updated(&pdf, &[(60, &contents("999999"))], &[]), &root);
    assert!(!found.holds());
    // A control whose reference leads to what is there, in any white space of the grammar.
    let page = PAGE.replace("4 0 R", "[4\t0\r\n\0\x0cR]");
    holds(&Written::with(&[(3, &page)]).table(), "white space");
    let _ = signer;
}

#[test]
fn cross_references_have_an_object_once() {
    let (root, signer) = signer();
    for (first, second) in [(false, true), (true, false)] {
        let mut written = Written::with(&[]);
        let good = written.places.iter().find(|(number, _)| *number == 4).expect("is there").1;
        let bad = written.add(4, contents("999999").as_bytes());
        let places = [good, bad];
        let rows: String = written
            .places
            .iter()
            .filter(|(number, _)| *number != 4)
            .map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n"))
            .collect();
        let twice: String = [places[usize::from(first)], places[usize::from(second)]]
            .map(|at| format!("4 1\n{at:010} 00000 n \n"))
            .concat();
        for rows in [format!("{rows}{twice}"), format!("{twice}{rows}")] {
            let base = Written { bytes: written.bytes.clone(), places: Vec::new() };
            let base = base.ended(&format!("0 1\n0000000000 65535 f \n{rows}"), "/Size 200/Root 1 0 R", "");
            let pdf = signed(&base, &signer);
            refused(&verified(&pdf, &root), pdf.len(), "a table");
            refused(
                &verified(&updated(&pdf, &[], &[(4, places[0])]), &root),
                pdf.len(),
                "a table and an update",
            );
        }
        let mut rows = Written { bytes: Vec::new(), places: written.places.clone() }.rows();
        rows.retain(|row| row.0 != 4);
        rows.extend([first, second].map(|bad| (4, 1, places[usize::from(bad)], 0)));
        let stream = Written { bytes: written.bytes.clone(), places: Vec::new() }.stream(&rows, "");
        all_refused([("a stream".to_owned(), stream)]);
    }
    let plain = Written::with(&[]);
    let rows = plain.rows();
    holds(&plain.stream(&rows, ""), "a stream of cross-references");
    holds(&Written::with(&[]).table(), "a table of cross-references");
}

#[test]
fn object_streams_fit_their_cross_references() {
    let other = PAGE.replace("/Contents 4", "/Contents 7");
    let contents = contents("999999");
    // The numbers that the stream gives, where its objects begin (the second by default where the first ends), and the
    // index that the cross-references give to the page.
    let packed = |numbers: [&str; 2], shift: [usize; 2], index: u16, more: &str, between: &str| {
        let mut written = Written::with(&[(7, &contents)]);
        written.places.retain(|(number, _)| *number != 3);
        let begins = [shift[0], other.len() + between.len() + shift[1]];
        let head = format!("{} {} {} {} ", numbers[0], begins[0], numbers[1], begins[1]);
        let data = format!("{head}{other}{between}{PAGE}");
        let text = format!(
            "<</Type/ObjStm/N 2/First {}/Length {}{more}>>\nstream\n{data}\nendstream",
            head.len(),
            data.len()
        );
        written.add(8, text.as_bytes());
        let mut rows = written.rows();
        rows.extend([(3, 2, 8, index), (99, 2, 8, 1 - index)]);
        written.stream(&rows, "")
    };
    let zero = [0, 0];
    for (numbers, shift, index, more, between) in [
        (["99", "3"], zero, 0, "", "\n"),
        (["3", "3"], zero, 1, "", "\n"),
        (["3", "99"], zero, 1, "", "\n"),
        (["98", "3"], zero, 1, "", "\n"),
        (["99", "+3"], zero, 1, "", "\n"),
        (["99", "3.0"], zero, 1, "", "\n"),
        (["99", "4294967299"], zero, 1, "", "\n"),
        (["99", "3"], [1, 0], 1, "", "\n"),
        (["99", "3"], [0, 2], 1, "", "\n"),
        (["99", "3"], zero, 1, "", " 5 "),
        (["99", "3"], zero, 1, "", ">>"),
        (["99", "3"], zero, 1, "/N 1", "\n"),
        (["99", "3"], zero, 1, "/First 3", "\n"),
    ] {
        let base = packed(numbers, shift, index, more, between);
        let (root, signer) = signer();
        let key = key_of(&signer);
        // Some of them cannot be read at all.
        if let Ok(pdf) = sign(&base, &key, &as_others_sign()) {
            refused(
                &verified(&pdf.bytes, &root),
                pdf.bytes.len(),
                &format!("{numbers:?} {shift:?} {index} {more}"),
            );
        }
    }
    holds(&packed(["99", "3"], zero, 1, "", "\n"), "an object stream");
    holds(&packed(["99", "3"], zero, 1, "", " "), "an object stream");
}

#[test]
fn objects_and_sections_are_framed_by_the_grammar() {
    let usual = Written::with(&[]).table();
    let text = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(byte)).collect::<String>();
    let bytes = |text: &str| text.chars().map(|letter| letter as u8).collect::<Vec<u8>>();
    let usual_text = text(&usual);
    // One byte for another of the same length, so that all places stay.
    for (from, to) in [
        ("4 0 obj\n", "4 1 obj\n"),
        ("4 0 obj\n", "4\x0b0 obj\n"),
        ("4 0 obj\n", "+ 0 obj\n"),
        ("\nendobj\n5", "\nendob \n5"),
        ("\nendobj\n5", "\nendxyz\n5"),
        ("stream\nBT", "stream\rBT"),
        (">>\nstream", "%>\nstream"),
        ("Length 43", "Length  3"),
        (" 00000 n \n5 1", " 00001 n \n5 1"),
        (" 00000 n \n5 1", " 00000 n\n\n5 1"),
        ("/Size 200", "/Size 006"),
        ("/Size 200", "/Size 2.0"),
        ("/Size 200", "/Size  4 "),
        ("xref\n0 1", "xref%0 1"),
        ("0 1\n0000000000 65535 f ", "0 1\n0000000015 00000 n "),
    ] {
        if !usual_text.contains(from) || from.len() != to.len() {
            panic!("{from:?} in {usual_text}");
        }
        let base = bytes(&usual_text.replacen(from, to, 1));
        let (root, signer) = signer();
        let key = key_of(&signer);
        match sign(&base, &key, &as_others_sign()) {
            Ok(pdf) => refused(&verified(&pdf.bytes, &root), pdf.bytes.len(), &format!("{from:?} to {to:?}")),
            Err(error) => {
                assert!(matches!(error, SignError::Pdf(_)), "{from:?} to {to:?}: {error}")
            }
        }
    }
    let written = || Written::with(&[]);
    let rows = || -> String {
        let places = written().places;
        places.iter().map(|(number, at)| format!("{number} 1\n{at:010} 00000 n \n")).collect()
    };
    let head = "0 1\n0000000000 65535 f \n";
    let root_entry = "/Size 200/Root 1 0 R";
    let mut within = written();
    // An object whose text is within another, and one that begins in white space.
    let hidden = within
        .add(7, format!("<</Length 80>>\nstream\n8 0 obj\n<<>>\nendobj\n{:37}\nendstream", "").as_bytes());
    let inner =
        hidden + within.bytes[hidden..].windows(7).position(|part| part == b"8 0 obj").expect("is there");
    let inner_rows = format!("{head}{}7 1\n{hidden:010} 00000 n \n8 1\n{inner:010} 00000 n \n", rows());
    let early = format!("{head}{}", rows())
        .replace(&format!("{:010}", written().places[4].1), &format!("{:010}", written().places[4].1 - 1));
    let cases = [
        ("an object in another", within.ended(&inner_rows, root_entry, "")),
        ("a place before the object", written().ended(&early, root_entry, "")),
        (
            "a table that begins with 1",
            written().ended(
                &format!("1 1\n0000000000 65535 f \n{}", rows().replacen("1 1\n", "0 1\n", 1)),
                root_entry,
                "",
            ),
        ),
        (
            "no whole number",
            written().ended(&format!("{head}{}", rows()), "/Size 200/Root 1 0 R/Prev 15.0", ""),
        ),
        (
            "a section by reference",
            written().ended(&format!("{head}{}", rows()), "/Size 200/Root 1 0 R/Prev 5 0 R", ""),
        ),
        ("a key twice", written().ended(&format!("{head}{}", rows()), "/Size 200/Size 100/Root 1 0 R", "")),
        ("an object of another generation", {
            let page = PAGE.replace("4 0 R", "4 1 R");
            Written::with(&[(3, &page)]).table()
        }),
        ("an object that is a reference", Written::with(&[(7, "4 0 R")]).table()),
        ("a number beyond all", {
            let mut written = written();
            let at = written.add(8_388_608, b"<<>>");
            written.ended(
                &format!("{head}{}8388608 1\n{at:010} 00000 n \n", rows()),
                "/Size 8388609/Root 1 0 R",
                "",
            )
        }),
    ];
    let (root, signer) = signer();
    let key = key_of(&signer);
    for (what, base) in cases {
        match sign(&base, &key, &as_others_sign()) {
            Ok(pdf) => refused(&verified(&pdf.bytes, &root), pdf.bytes.len(), what),
            Err(error) => assert!(matches!(error, SignError::Pdf(_)), "{what}: {error}"),
        }
    }
    let plain = written();
    let streams = [(2, 3), (5, 9)].map(|(number, kind)| {
        let mut rows = plain.rows();
        rows.push((60 + number, kind, 0, 0));
        Written { bytes: plain.bytes.clone(), places: Vec::new() }.stream(&rows, "")
    });
    all_refused(streams.into_iter().map(|base| ("a row of a kind to come".to_owned(), base)));
}

#[test]
fn files_do_not_begin_with_another_section() {
    // For a file of the length that it states first, some programs read the section behind that first.
    let (root, signer) = signer();
    let of = |length: usize| {
        let mut written = Written { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), places: Vec::new() };
        written.add(9, format!("<</Linearized 1/L {length:08}/H[0 0]/O 3/E 0/N 1/T 0>>").as_bytes());
        let usual = Written::with(&[]);
        let shift = written.bytes.len() - usual.places[0].1;
        written.bytes.extend_from_slice(&usual.bytes[usual.places[0].1..]);
        written.places.extend(usual.places.iter().map(|&(number, at)| (number, at + shift)));
        written.table()
    };
    let length = signed(&of(0), &signer).len();
    assert!(verified(&signed(&of(0), &signer), &root).holds());
    let pdf = signed(&of(length), &signer);
    assert_eq!(pdf.len(), length);
    refused(&verified(&pdf, &root), length, "the length that was foreseen");
}

/// Whether the first signature of a file still holds after an update of these objects.
fn first_holds(base: &[u8], objects: &[(u32, &str)]) -> bool {
    let (root, signer) = signer();
    let pdf = signed(base, &signer);
    assert!(verified(&pdf, &root).holds(), "what is signed holds");
    let found = verified(&updated(&pdf, objects, &[]), &root);
    found.signatures.iter().find(|signature| signature.field == "sig1").expect("is there").verdict
        == Verdict::Holds
}

#[test]
fn only_widgets_of_signatures_appear() {
    let page = PAGE.replace("6 0 R]", "6 0 R 20 0 R]");
    let field =
        |subtype: &str, more: &str| format!("<</Type/Annot{subtype}/T(x)/Rect[60 690 60 690]/F 28{more}>>");
    let after = |annotation: &str| first_holds(&Written::with(&[]).table(), &[(3, &page), (20, annotation)]);
    assert!(after(&field("/Subtype/Widget/FT/Sig", "")), "the control");
    for subtype in [
        "Text",
        "Stamp",
        "Square",
        "FreeText",
        "Circle",
        "Line",
        "Highlight",
        "Ink",
        "Popup",
        "FileAttachment",
        "Link",
        "Caret",
        "Polygon",
        "Underline",
        "Redact",
        "Watermark",
        "Screen",
        "3D",
        "RichMedia",
        "Other",
    ] {
        assert!(!after(&field(&format!("/Subtype/{subtype}/FT/Sig"), "/Contents(999999)")), "{subtype}");
    }
    for (subtype, more) in [
        ("/FT/Sig", ""),
        ("/Subtype(Widget)/FT/Sig", ""),
        ("/Subtype/Widget", ""),
        ("/Subtype/Widget/FT/Tx", "/V(999999)"),
        ("/Subtype/Widget/FT/Btn", ""),
        ("/Subtype/Widget/FT/Sig", "/MK<</BG[1 0 0]>>"),
        ("/Subtype/Widget/FT/Sig", "/AP<</N 4 0 R>>"),
        ("/Subtype/Widget/FT/Sig", "/AA<<>>"),
        ("/Subtype/Widget/FT/Sig", "/Kids[6 0 R]"),
    ] {
        assert!(!after(&field(subtype, more)), "{subtype} {more}");
    }
    assert!(!after("<</Type/Popup/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 0 0]>>"));
}

#[test]
fn appearances_stay_in_what_was_reserved_for_them() {
    const FORM: &str = "/Type/XObject/Subtype/Form/BBox[0 0 100 50]/Length 27";
    let form = |entries: &str| format!("<<{entries}>>\nstream\n1 1 1 rg 0 0 595 842 re f \nendstream");
    // The second field, on the page in which it is, filled with this appearance.
    let filled = |field: &str, page: &str, more: &[(u32, &str)], form: &str| {
        let catalog = CATALOG.replace("6 0 R]", "6 0 R 7 0 R]");
        let page = page.replace("6 0 R]", "6 0 R 7 0 R]");
        let empty = format!("<</Type/Annot/FT/Sig/T(two)/P 3 0 R{field}>>");
        let full = format!("<</Type/Annot/FT/Sig/T(two)/P 3 0 R{field}/V 30 0 R/AP<</N 31 0 R>>>>");
        let mut objects = vec![(1, catalog.as_str()), (3, &page), (7, &empty)];
        objects.extend_from_slice(more);
        let value = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>";
        first_holds(&Written::with(&objects).table(), &[(7, &full), (30, value), (31, form)])
    };
    const WIDGET: &str = "/Subtype/Widget/F 132/Rect[50 50 150 100]";
    assert!(filled(WIDGET, PAGE, &[], &form(FORM)), "the control");
    assert!(filled(WIDGET, PAGE, &[], &form(&format!("{FORM}/Matrix[0 1 -1 0 0 0]"))), "turned");
    let inherited = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>";
    let bare = PAGE.replace("/MediaBox[0 0 595 842]", "");
    assert!(filled(WIDGET, &bare, &[(2, inherited)], &form(FORM)), "the extent of all pages");
    // Rectangles that are not four numbers, and flags that take the appearance out of them.
    for field in [
        "/Subtype/Widget/Rect 8 0 R",
        "/Subtype/Widget/Rect[0 0 9 0 R 10 0 R]",
        "/Subtype/Widget/Rect[0 0 595 842 0]",
        "/Subtype/Widget/Rect[0 0 595]",
        "/Subtype/Widget/Rect[(0)(0)(595)(842)]",
        "/Subtype/Widget",
        "/Subtype/Widget/F 136/Rect[50 50 150 100]",
        "/Subtype/Widget/F 148/Rect[50 50 150 100]",
        "/Subtype/Widget/F 28.0/Rect[50 50 150 100]",
        "/Subtype/Stamp/Rect[50 50 150 100]",
        "/Subtype/Widget/Rect[0 0 595 842]",
        "/Subtype/Widget/Rect[595 842 0 0]",
        "/Subtype/Widget/Rect[50 50 50 50]",
        "/Subtype/Widget/Rect[0 50 595 50]",
    ] {
        let more = [(8, "[0 0 595 842]"), (9, "595"), (10, "842")];
        assert!(!filled(field, PAGE, &more, &form(FORM)), "{field}");
    }
    // Pages of which it is much.
    for extent in [
        "/MediaBox[0 0 150 110]",
        "/MediaBox[40 40 160 110]",
        "/MediaBox[0 0 150 110]/UserUnit 8",
        "/MediaBox[0 0 595 842]/CropBox[45 45 160 110]",
        "/MediaBox[0 0 8 0 R 842]",
    ] {
        let page = PAGE.replace("/MediaBox[0 0 595 842]", extent);
        assert!(!filled(WIDGET, &page, &[(8, "595")], &form(FORM)), "{extent}");
    }
    // Forms that might show elsewhere, or more.
    for entries in [
        FORM.replace("[0 0 100 50]", "[0 0 0 0]"),
        FORM.replace("/BBox[0 0 100 50]", ""),
        FORM.replace("[0 0 100 50]", "[0 0 8 0 R 50]"),
        FORM.replace("[0 0 100 50]", "[0 0 100]"),
        FORM.replace("/Subtype/Form", "/Subtype/Image"),
        format!("{FORM}/Matrix[1 0 0 1]"),
        format!("{FORM}/Matrix[0 0 0 0 0 0]"),
        format!("{FORM}/Matrix 8 0 R"),
        format!("{FORM}/OC<<>>"),
        format!("{FORM}/Ref<<>>"),
        format!("{FORM}/PS 4 0 R"),
    ] {
        assert!(!filled(WIDGET, PAGE, &[(8, "100")], &form(&entries)), "{entries}");
    }
}

#[test]
fn fields_that_tile_a_page_count_together() {
    let with = |rects: &[&str]| {
        let numbers: Vec<u32> = (10..).take(rects.len()).collect();
        let list: String = numbers.iter().map(|number| format!(" {number} 0 R")).collect();
        let catalog = CATALOG.replace("6 0 R]", &format!("6 0 R{list}]"));
        let page = PAGE.replace("6 0 R]", &format!("6 0 R{list}]"));
        let field = |number: u32, rect: &str, more: &str| {
            format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(f{number})/Rect[{rect}]{more}>>")
        };
        let empty: Vec<String> =
            numbers.iter().zip(rects).map(|(&number, rect)| field(number, rect, "")).collect();
        let mut objects = vec![(1, catalog.as_str()), (3, &page)];
        objects.extend(numbers.iter().zip(&empty).map(|(&number, text)| (number, text.as_str())));
        let full: Vec<String> = numbers
            .iter()
            .zip(rects)
            .map(|(&number, rect)| {
                field(number, rect, &format!("/V {} 0 R/AP<</N {} 0 R>>", number + 30, number + 60))
            })
            .collect();
        let form = "<</Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream";
        let value = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>";
        let update: Vec<(u32, &str)> = numbers
            .iter()
            .zip(&full)
            .flat_map(|(&number, text)| [(number, text.as_str()), (number + 30, value), (number + 60, form)])
            .collect();
        first_holds(&Written::with(&objects).table(), &update)
    };
    assert!(with(&["0 0 119 119", "119 0 238 119", "238 0 357 119", "0 119 119 238"]), "seals");
    assert!(with(&["0 0 297 421", "0 0 297 421", "0 0 297 421"]), "one above the other");
    assert!(with(&["0 0 297 421", "0 421 297 842"]), "half of a page");
    assert!(!with(&["0 0 297 421", "0 421 297 842", "297 0 594 421", "297 421 594 842"]));
    assert!(!with(&["0 0 297 421", "0 421 297 842", "297 0 350 50"]));
    let strips: Vec<String> =
        (0..12).map(|strip| format!("0 {} 595 {}", strip * 60, strip * 60 + 60)).collect();
    assert!(!with(&strips.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn levels_of_certification_are_numbers_of_any_kind() {
    let key = crate::sign::key_of(&signer().1);
    let root = signer().0;
    let level = |level: &str| {
        // A reference of the signature leads to its level; the dictionary is completed before it is signed.
        let base = Written::with(&[]).table();
        let prepared =
            gongwen::sign::prepare(&base, 4096, &gongwen::sign::SignOptions::at(crate::sign::now()));
        let prepared = prepared.expect("prepares").bytes().to_vec();
        let text = format!("/Reference[<</TransformMethod/DocMDP/TransformParams<<{level}>>>>]");
        // The room keeps an even number of digits.
        let text = if text.len() % 2 == 0 { text } else { format!("{text} ") };
        let contents = prepared.windows(11).rposition(|part| part == b"/Contents <").expect("is there");
        // Taken from the room of the signature, so that all places stay.
        let mut bytes = prepared.clone();
        let close = contents + prepared[contents..].iter().position(|&byte| byte == b'>').expect("an end");
        bytes.drain(close - text.len()..close);
        let at = close - text.len() + 1;
        bytes.splice(at..at, text.bytes());
        let (from, to) = (contents + 10, at);
        let range = bytes.windows(11).rposition(|part| part == b"/ByteRange ").expect("a range") + 11;
        let close = range + bytes[range..].iter().position(|&byte| byte == b']').expect("an end") + 1;
        let text = format!("[0 {from} {to} {}]", bytes.len() - to);
        let mut room = vec![b' '; (close - range).max(text.len())];
        room[..text.len()].copy_from_slice(text.as_bytes());
        let until = range + room.len();
        bytes[range..until].copy_from_slice(&room);
        let content = [&bytes[..from], &bytes[to..]].concat();
        let signer = signer().1;
        let cms = signer.detached(&content);
        let digits: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes[from + 1..from + 1 + digits.len()].copy_from_slice(digits.as_bytes());
        let found = verified(&bytes, &root);
        assert!(found.holds(), "{level}: {found:#?}");
        let again = sign(&bytes, &key, &SignOptions::at(now()));
        verified(&again.expect("signs").bytes, &root).signatures[0].verdict == Verdict::Holds
    };
    for fine in ["/P 2", "/P 2.0", "/P 3", ""] {
        assert!(level(fine), "{fine}");
    }
    for forbidden in ["/P 1", "/P 1.0", "/P 1.", "/P 01", "/P +1", "/P 1.5", "/P/1", "/P(1)", "/P 0", "/P 4"]
    {
        assert!(!level(forbidden), "{forbidden}");
    }
}

#[test]
fn pages_are_a_tree() {
    let other = PAGE.replace("4 0 R", "7 0 R");
    let contents = contents("999999");
    let with = |number: u32, text: &str| {
        let mut changed = vec![(number, text), (7, contents.as_str()), (8, other.as_str())];
        changed.dedup_by_key(|(number, _)| *number);
        Written::with(&changed).table()
    };
    // Of a page with children, some programs show these.
    let pages = |text: &str| PAGE.replace("/Parent", &format!("{text}/Parent"));
    for more in ["/Kids[8 0 R]", "/Kids[8 0 R]/Count 1", "/Count 1", "/Kids[]"] {
        all_refused([(more.to_owned(), with(3, &pages(more)))]);
    }
    for (from, to) in [
        ("/Type/Page/", "/"),
        ("/Type/Page/", "/Type/Pages/"),
        ("/Type/Page/", "/Type/Template/"),
        ("/Parent 2 0 R", ""),
        ("/Parent 2 0 R", "/Parent 1 0 R"),
        ("[0 0 595 842]", "[0 0 595]"),
        ("[0 0 595 842]", "[0 0 595 842 1]"),
        ("[0 0 595 842]", "[0 0 0 842]"),
        ("[0 0 595 842]", "[0 0 (595) 842]"),
        ("/MediaBox[0 0 595 842]", ""),
        ("/MediaBox", "/CropBox[0 0 1]/MediaBox"),
    ] {
        all_refused([(format!("{from} → {to}"), with(3, &PAGE.replacen(from, to, 1)))]);
    }
    for tree in [
        "<</Type/Pages/Kids[3 0 R]/Count 2>>",
        "<</Type/Pages/Kids[3 0 R]/Count -1>>",
        "<</Type/Pages/Kids[3 0 R]>>",
        "<</Type/Pages/Count 1>>",
        "<</Kids[3 0 R]/Count 1>>",
        "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
        "<</Type/Pages/Kids[3 0 R 60 0 R]/Count 1>>",
        "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1>>",
        "<</Type/Pages/Kids[3 0 R null]/Count 1>>",
    ] {
        all_refused([(tree.to_owned(), with(2, tree))]);
    }
    all_refused([("no catalog".to_owned(), with(1, &CATALOG.replace("/Type/Catalog", "")))]);
    // Several levels, and what is inherited.
    let page = PAGE.replace("/MediaBox[0 0 595 842]", "").replace("/Parent 2", "/Parent 9");
    let between = "<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>";
    let tree = "<</Type/Pages/Kids[9 0 R]/Count 1>>";
    holds(&Written::with(&[(2, tree), (3, &page), (9, between)]).table(), "two levels");
}

#[test]
fn hidden_objects_are_no_part_of_what_is_seen() {
    let hybrid = |hidden: u32, catalog: &str, stated: Option<&str>| {
        let mut written = Written::with(&[(1, catalog), (9, "<</Type/StructTreeRoot>>")]);
        let place = written.places.iter().find(|(number, _)| *number == hidden).expect("is there").1;
        let stream = written.bytes.len();
        let data = [&[1][..], &(place as u32).to_be_bytes(), &[0, 0]].concat();
        let head =
            format!("150 0 obj\n<</Type/XRef/Size 200/W[1 4 2]/Index[{hidden} 1]/Length 7>>\nstream\n");
        written.bytes.extend_from_slice(&[head.as_bytes(), &data, b"\nendstream\nendobj\n"].concat());
        let row = |&(number, at): &(u32, usize)| match stated {
            Some(row) if number == hidden => format!("{number} 1\n{row}\n"),
            _ => format!("{number} 1\n{at:010} 00000 n \n"),
        };
        let rows: String = written.places.iter().map(row).collect();
        let rows = format!("0 1\n0000000000 65535 f \n{rows}");
        written.ended(&rows, &format!("/Size 200/Root 1 0 R/XRefStm {stream}"), "")
    };
    const FREE: Option<&str> = Some("0000000000 00000 f ");
    let tagged = CATALOG.replace("/Pages", "/StructTreeRoot 9 0 R/Pages");
    // Some programs show the page without it.
    for number in [2, 3, 4, 5] {
        all_refused([(format!("object {number}"), hybrid(number, CATALOG, FREE))]);
    }
    // The structure tree may be for those that know it.
    let (root, signer) = signer();
    let found = verified(&signed(&hybrid(9, &tagged, FREE), &signer), &root);
    assert!(found.holds(), "a structure tree: {found:#?}");
    holds(&hybrid(4, CATALOG, None), "the same place twice");
    let both = CATALOG.replace("/Pages", "/StructTreeRoot 9 0 R/Metadata 9 0 R/Pages");
    all_refused([("another reference".to_owned(), hybrid(9, &both, FREE))]);
}

#[test]
fn what_no_cross_reference_leads_to_is_told() {
    let (root, signer) = signer();
    let told = |base: Vec<u8>, what: &str| {
        let pdf = signed(&base, &signer);
        let found = verified(&pdf, &root);
        assert!(found.holds(), "{what}: {found:#?}");
        found.signatures[0].unreached
    };
    // An object of its own number, one of a number that is placed elsewhere, and what is no object.
    for junk in ["40 0 obj\n<</A 1>>\nendobj\n", "4 0 obj\n<</A 1>>\nendobj\n", "junk\n", "(text)\n"] {
        let mut written = Written::with(&[]);
        let at = written.bytes.len();
        written.bytes.extend_from_slice(junk.as_bytes());
        assert_eq!(told(written.table(), junk), Some(at), "{junk}");
        // In an update before the signature as well.
        let mut update = Written { bytes: plain(), places: Vec::new() };
        let at = update.bytes.len();
        update.bytes.extend_from_slice(junk.as_bytes());
        let previous = plain().windows(6).position(|window| window == b"\nxref\n").expect("a table") + 1;
        let update = update.ended("0 0\n", &format!("/Size 200/Root 1 0 R/Prev {previous}"), "");
        assert_eq!(told(update, junk), Some(at), "{junk}");
    }
    // Objects that an earlier revision had, and comments, are where they belong.
    let replaced = updated(&plain(), &[(5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>")], &[]);
    assert_eq!(told(replaced, "an object of an earlier revision"), None);
    let mut written = Written::with(&[]);
    written.bytes.extend_from_slice(b"% a comment\r\n\0\t\n");
    assert_eq!(told(written.table(), "a comment"), None);
    for (name, pdf) in honest() {
        assert_eq!(told(pdf, &name), None);
    }
    let pdf = crate::sign::exported(crate::command::short_report("题").as_bytes(), 1, true);
    assert_eq!(told(pdf, "a report"), None);
}
