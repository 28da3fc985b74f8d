//! What may follow a signature, made into something else: `verify` refuses each class, and its control holds.

use gongwen::verify::{ChangeKind, Verdict};

use super::{CATALOG, FIELD, PAGE, signer, updated, with_catalog, with_two_fields};
use crate::pki::Identity;
use crate::sign::{signed, verified};

/// A document with a second field, which is empty, signed in the first; with more objects.
fn with_an_empty_field(page: &str, field: &str, more: &[(u32, &str)]) -> (Identity, Vec<u8>) {
    let (root, signer) = signer();
    let pdf = signed(&with_two_fields(page, field, more), &signer);
    assert!(verified(&pdf, &root).holds());
    (root, pdf)
}

/// What is found of the first signature once the empty field is this, with a value of these entries.
fn first_after(root: &Identity, pdf: &[u8], field: &str, value: &str) -> Verdict {
    let field = field.replace("/P 3 0 R", "/P 3 0 R/V 180 0 R");
    let value = format!("<</Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>{value}>>");
    let found = verified(&updated(pdf, &[(7, &field), (180, &value)], &[]), root);
    found.signatures[0].verdict
}

#[test]
fn a_value_is_no_resource_of_a_page() {
    const SIGNATURE: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached";
    let field = FIELD.replace("(sig1)", "(sig2)");
    let (root, pdf) = with_an_empty_field(PAGE, &field, &[]);
    assert_eq!(first_after(&root, &pdf, &field, SIGNATURE), Verdict::Holds);
    assert_eq!(first_after(&root, &pdf, &field, &format!("{SIGNATURE}/Name(a)/Reason(b)")), Verdict::Holds);
    for key in [
        "/ca 0",
        "/CA 0",
        "/SMask<</S/Luminosity/G 4 0 R>>",
        "/Subtype/Type3/CharProcs<<>>",
        "/ShadingType 2",
        "/PatternType 2",
        "/Usage<<>>",
        "/OCGs 1 0 R",
        "/BM/Multiply",
        "/LW 40",
    ] {
        assert_eq!(first_after(&root, &pdf, &field, &format!("{SIGNATURE}{key}")), Verdict::Broken, "{key}");
    }
    for kind in ["/Type/Font", "/Type/OCG", "/Type/ExtGState", "/Type(Sig)"] {
        let value = SIGNATURE.replace("/Type/Sig", kind);
        assert_eq!(first_after(&root, &pdf, &field, &value), Verdict::Broken, "{kind}");
    }
}

#[test]
fn what_a_page_draws_with_never_changes() {
    const SIGNATURE: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached";
    let field = FIELD.replace("(sig1)", "(sig2)");
    let form =
        "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</Font 7 0 R>>/Length 0>>\nstream\n\nendstream";
    let unused = form.replace("/Font 7 0 R", "");
    for (resources, more, wanted) in [
        ("/Font<<", vec![(9, unused.as_str())], Verdict::Holds),
        ("/XObject<</X 9 0 R>>/Font<<", vec![(9, unused.as_str())], Verdict::Holds),
        // Of each kind, at once and by way of others.
        ("/ExtGState 7 0 R/Font<<", vec![], Verdict::Broken),
        ("/ExtGState<</G 7 0 R>>/Font<<", vec![], Verdict::Broken),
        ("/Shading<</S 10 0 R>>/Font<<", vec![(10, "<</ShadingType 2/Function 7 0 R>>")], Verdict::Broken),
        ("/XObject<</X 9 0 R>>/Font<<", vec![(9, form)], Verdict::Broken),
        ("/Properties<</P 1 0 R>>/Font<<", vec![], Verdict::Broken),
    ] {
        let page = PAGE.replace("/Font<<", resources);
        let (root, pdf) = with_an_empty_field(&page, &field, &more);
        let after_value = first_after(&root, &pdf, &field, SIGNATURE);
        // The catalog leads to all that a page reaches; by itself it changes only where the page names it.
        if !resources.contains("1 0 R") {
            assert_eq!(after_value, wanted, "{resources}");
        }
        let catalog = CATALOG.replace("[6 0 R]", "[6 0 R 7 0 R]").replace(">>>>", ">>/DSS 180 0 R>>");
        let more = updated(&pdf, &[(180, "<</Type/DSS>>"), (1, &catalog)], &[]);
        let wanted = if resources.contains("1 0 R") { Verdict::Broken } else { Verdict::Holds };
        assert_eq!(verified(&more, &root).signatures[0].verdict, wanted, "{resources}");
    }
}

#[test]
fn a_time_stamp_shows_nothing_in_a_field() {
    let invisible = FIELD.replace("(sig1)", "(sig2)");
    let visible = invisible.replace("[0 0 0 0]", "[60 60 160 160]");
    for (value, holds) in [
        ("/Type/Sig/SubFilter/ETSI.CAdES.detached", true),
        ("/Type/DocTimeStamp/SubFilter/ETSI.RFC3161", false),
        ("/Type/DocTimeStamp/SubFilter/ETSI.CAdES.detached", false),
        ("/Type/Sig/SubFilter/ETSI.RFC3161", false),
    ] {
        let (root, pdf) = with_an_empty_field(PAGE, &visible, &[]);
        let wanted = if holds { Verdict::Holds } else { Verdict::Broken };
        assert_eq!(first_after(&root, &pdf, &visible, value), wanted, "{value}");
        let (root, pdf) = with_an_empty_field(PAGE, &invisible, &[]);
        assert_eq!(first_after(&root, &pdf, &invisible, value), Verdict::Holds, "{value}");
    }
}

#[test]
fn an_empty_field_draws_nothing_that_could_be_taken_away() {
    const SIGNATURE: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached";
    let field = FIELD
        .replace("(sig1)", "(sig2)")
        .replace("[0 0 0 0]", "[60 60 160 160]")
        .replace("/P 3 0 R", "/P 3 0 R/AP<</N 9 0 R>>");
    for (content, wanted) in
        [("0 g 0 0 100 100 re f", Verdict::Broken), ("", Verdict::Holds), (" \n", Verdict::Holds)]
    {
        let form = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Length {}>>\nstream\n{content}\nendstream",
            content.len()
        );
        let (root, pdf) = with_an_empty_field(PAGE, &field, &[(9, &form)]);
        assert_eq!(first_after(&root, &pdf, &field, SIGNATURE), wanted, "{content:?}");
    }
}

#[test]
fn extensions_of_developers_are_nothing_else() {
    let (root, signer) = signer();
    let with = |extensions: &str| CATALOG.replace("/Pages", &format!("{extensions}/Pages"));
    let after = |before: &str, after: &str| {
        let pdf = signed(&with_catalog(&with(before)), &signer);
        let found = verified(&updated(&pdf, &[(1, &with(after))], &[]), &root);
        let told = found.signatures[0].changes.iter().any(|change| change.kind == ChangeKind::Version);
        assert_eq!(found.holds(), told, "what is permitted is told: {after}");
        found.holds()
    };
    assert!(after("", "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 5>>>>"));
    assert!(after("", "/Extensions<</Type/Extensions/ISO_[<</BaseVersion/2.0/ExtensionLevel 32001>>]>>"));
    for other in [
        "/Extensions<</ca 0>>",
        "/Extensions<</CA 0/ADBE<</BaseVersion/1.7>>>>",
        "/Extensions<</SMask/None>>",
        "/Extensions<</BM/Multiply>>",
        "/Extensions<</ADBE<</ca 0>>>>",
        "/Extensions<</Usage<</View<</ViewState/OFF>>>>>>",
        "/Extensions<</Type/ExtGState>>",
        "/Extensions[<</BaseVersion/1.7>>]",
    ] {
        assert!(!after("", other), "{other}");
        assert!(!after("/Extensions<</ca 1>>", other), "{other}");
    }
    assert!(!after("/Extensions<</ca 1>>", "/Extensions<</ADBE<</BaseVersion/1.7>>>>"));
}
