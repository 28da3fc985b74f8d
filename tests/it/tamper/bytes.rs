//! Bytes of a signed file changed, cut off, appended or left out of the byte range.

use super::*;

/// The changes of a byte of a signed file that nobody noticed: its position, and what it became. `changes` gives the masks
/// by which the byte at a position is changed, one at a time. The room of the signature is left out: it has a test of its
/// own.
fn unnoticed(changes: impl Fn(usize) -> Vec<u8> + Sync) -> Vec<(usize, u8)> {
    let (root, pdf) = signed_once();
    assert!(verified(&pdf, &root).holds());
    let room = {
        let place =
            |mark: &[u8]| pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there");
        let from = place(b"/Contents <") + b"/Contents ".len();
        from..from + pdf[from..].iter().position(|&byte| byte == b'>').expect("an end") + 1
    };
    let places: Vec<usize> = (0..pdf.len()).filter(|place| !room.contains(place)).collect();
    let check = |places: &[usize]| {
        let mut bytes = pdf.clone();
        let mut passed = Vec::new();
        for (place, mask) in
            places.iter().flat_map(|&place| changes(place).into_iter().map(move |mask| (place, mask)))
        {
            bytes[place] ^= mask;
            if signatures_hold(&bytes) {
                passed.push((place, bytes[place]));
            }
            bytes[place] = pdf[place];
        }
        assert!(signatures_hold(&bytes), "all is put back");
        passed
    };
    let (first, second) = places.split_at(places.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| check(second));
        [check(first), other.join().expect("ends")].concat()
    })
}

#[test]
fn no_changed_byte_passes() {
    // Every third byte here; `every_changed_bit_is_noticed` takes all.
    assert_eq!(unnoticed(|number| if number % 3 == 0 { vec![1 << (number % 8)] } else { Vec::new() }), []);
}

#[test]
#[ignore = "takes a while: scripts/test --long runs it"]
fn every_changed_bit_is_noticed() {
    assert_eq!(unnoticed(|_| (0..8).map(|bit| 1 << bit).collect()), []);
}

#[test]
fn the_signature_itself_cannot_be_changed() {
    let (_, pdf) = signed_once();
    let mark = b"/Contents <";
    let from = pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there") + mark.len();
    let to = from + pdf[from..].iter().position(|&byte| byte == b'>').expect("an end");
    let mut numbers = Numbers(3);
    for _ in 0..300 {
        let place = from + numbers.below(to - from);
        let mut bytes = pdf.clone();
        // A digit of another value: that of another case would be the same signature.
        let value = char::from(bytes[place]).to_digit(16).expect("a digit");
        let other = (value + 1 + numbers.below(15) as u32) % 16;
        bytes[place] = char::from_digit(other, 16).expect("a digit") as u8;
        // What is not signed are certificates beside the signer's: there are none here but the root's own.
        assert!(!signatures_hold(&bytes), "{place}");
    }
}

#[test]
fn cut_files_and_appended_garbage_are_refused() {
    let (root, pdf) = signed_once();
    for length in (0..pdf.len()).step_by(997).chain(pdf.len() - 40..pdf.len() - 1) {
        assert!(!signatures_hold(&pdf[..length]), "{length}");
    }
    for garbage in
        ["x", "%comment\n", "%%EOF\n", "1 0 obj\n<<>>\nendobj\n", "startxref\n9\n%%EOF\n", "\n\n%%EOF"]
    {
        let more = [pdf.as_slice(), garbage.as_bytes()].concat();
        assert!(!signatures_hold(&more), "{garbage}");
    }
    let (page, entries) = page(&pdf);
    let update = appended(&pdf, &[(page.0, text(&Object::Dictionary(entries)))]);
    assert!(verified(&update, &root).holds(), "an update that changes nothing: the helper is sound");
    // Between the objects of an update, too, there is nothing.
    let place = update.windows(5).rposition(|window| window == b"xref\n").expect("a table") - 10;
    for hidden in ["%7 0 obj<<>>endobj\n", "8 0 obj\n<</A 1>>\nendobj\n"] {
        let at = update[..place].iter().rposition(|&byte| byte == b'e').map_or(place, |_| pdf.len());
        let mut more = update[..at].to_vec();
        more.extend_from_slice(hidden.as_bytes());
        more.extend_from_slice(&update[at..]);
        assert!(!signatures_hold(&more), "{hidden}");
    }
}

#[test]
fn byte_ranges_leave_nothing_out() {
    let (root, pdf) = signed_once();
    let mark = b"/ByteRange [";
    let from = pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there") + mark.len();
    let to = from + pdf[from..].iter().position(|&byte| byte == b']').expect("an end");
    let range: Vec<usize> = String::from_utf8_lossy(&pdf[from..to])
        .split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect();
    let [a, b, c, d] = range[..] else { panic!("four numbers") };
    for other in [
        format!("{a} {b} {} {}", c + 1, d - 1),
        format!("{a} {} {c} {d}", b - 1),
        format!("1 {} {c} {d}", b - 1),
        format!("{a} {b} {c} {}", d - 7),
        format!("{a} {b} {c} {}", d + 9),
        format!("{a} {b} {c}"),
        format!("{a} {b} {c} {d} 0 1"),
        format!("{a} {b} {c} -{d}"),
        String::new(),
    ] {
        let mut bytes = pdf.clone();
        let end = to + pdf[to..].iter().position(|&byte| byte == b'>').expect("an end");
        let text = format!("{other}]");
        let room = &mut bytes[from..end];
        room.fill(b' ');
        room[..text.len()].copy_from_slice(text.as_bytes());
        assert!(refused(&bytes, &root).contains("ByteRange") || other.len() < 3, "{other}");
    }
}

#[test]
fn files_begin_with_their_header() {
    // Some programs count from the header on, so that the same cross-references lead them elsewhere.
    let root = root("根");
    // Written by a program that packs no objects into streams.
    let mut plain = Vec::new();
    let mut document = Document::load_mem(&exported(short_report("题").as_bytes(), 1, false)).expect("reads");
    document.save_to(&mut plain).expect("writes");
    let before = b"%shifted\n";
    let shifted = [before, plain.as_slice()].concat();
    // Its cross-references are written again, for programs that count from the first byte.
    let document = Document::load_mem(&plain).expect("reads");
    let table: String = document
        .reference_table
        .entries
        .iter()
        .filter_map(|(number, entry)| match entry {
            lopdf::xref::XrefEntry::Normal { offset, .. } => {
                Some(format!("{number} 1\n{:010} 00000 n \n", *offset as usize + before.len()))
            }
            _ => None,
        })
        .collect();
    let trailer = document.trailer.clone();
    let keep = |key: &[u8]| text(trailer.get(key).expect("is there"));
    let (size, base) = (document.max_id + 1, shifted.len());
    let update = format!(
        "xref\n{table}trailer\n<</Size {size}/Root {}/Info {}/ID {}>>\nstartxref\n{base}\n%%EOF\n",
        keep(b"Root"),
        keep(b"Info"),
        keep(b"ID")
    );
    let shifted = [shifted, update.into_bytes()].concat();
    let pdf = signed(&shifted, &root.signer(Key::p256(1), "甲", 2));
    assert!(refused(&pdf, &root).contains("does not begin with"));
}
