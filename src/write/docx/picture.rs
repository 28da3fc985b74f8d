//! Drawings: an image in a line of text, and a seal behind the text.
//!
//! docx-rs gets a relationship and no bytes: the package stores each image under a name of its own.

use docx_rs::{Pic, Run};

use crate::geom::{Point, Size};
use crate::xml::Element;

const WORD_DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// The relationship of an image, by its number from 1.
fn relationship(image: usize) -> String {
    format!("rIdImage{image}")
}

/// A run that holds the image.
pub(super) fn inline(image: usize, size: Size) -> Run {
    let pic = Pic::new_with_dimensions(Vec::new(), 1, 1).id(relationship(image));
    Run::new().add_image(pic.size(extent(size.width), extent(size.height)))
}

fn extent(length: crate::geom::Length) -> u32 {
    u32::try_from(length.to_emu()).unwrap_or(0)
}

/// An image behind the text, from the left edge of the type area and the top of the paragraph that holds it.
///
/// docx-rs cannot write it: a negative offset becomes a huge one.
// ECMA-376-1, 20.4.2.3 (anchor)
pub(super) fn behind_text(image: usize, at: Point, size: Size) -> Element<'static> {
    let offset = |name: &'static str, from: &str, emu: i64| {
        Element::new(name)
            .with("relativeFrom", from)
            .child(Element::new("wp:posOffset").text(&emu.to_string()))
    };
    let anchor =
        ["distT", "distB", "distL", "distR", "simplePos"]
            .into_iter()
            .fold(Element::new("wp:anchor"), |anchor, name| anchor.with(name, 0))
            .with("relativeHeight", 1)
            .with("behindDoc", 1)
            .with("locked", 0)
            .with("layoutInCell", 1)
            .with("allowOverlap", 1)
            .child(Element::new("wp:simplePos").with("x", 0).with("y", 0))
            .child(offset("wp:positionH", "column", at.x.to_emu()))
            .child(offset("wp:positionV", "paragraph", at.y.to_emu()))
            .child(Element::new("wp:extent").with("cx", extent(size.width)).with("cy", extent(size.height)))
            .child(Element::new("wp:effectExtent").with("l", 0).with("t", 0).with("r", 0).with("b", 0))
            .child(Element::new("wp:wrapNone"))
            .child(Element::new("wp:docPr"))
            .child(Element::new("wp:cNvGraphicFramePr").child(
                Element::new("a:graphicFrameLocks").with("xmlns:a", DRAWING).with("noChangeAspect", 1),
            ))
            .child(
                Element::new("a:graphic")
                    .with("xmlns:a", DRAWING)
                    .child(Element::new("a:graphicData").with("uri", PICTURE).child(picture(image, size))),
            );
    Element::new("w:drawing").child(anchor.with("xmlns:wp", WORD_DRAWING))
}

// ECMA-376-1, 20.2.2.5 (pic)
fn picture(image: usize, size: Size) -> Element<'static> {
    let extent = Element::new("a:ext").with("cx", extent(size.width)).with("cy", extent(size.height));
    Element::new("pic:pic")
        .with("xmlns:pic", PICTURE)
        .child(
            Element::new("pic:nvPicPr").child(Element::new("pic:cNvPr")).child(Element::new("pic:cNvPicPr")),
        )
        .child(
            Element::new("pic:blipFill")
                .child(Element::new("a:blip").with("r:embed", relationship(image)))
                .child(Element::new("a:stretch").child(Element::new("a:fillRect"))),
        )
        .child(
            Element::new("pic:spPr")
                .child(
                    Element::new("a:xfrm")
                        .child(Element::new("a:off").with("x", 0).with("y", 0))
                        .child(extent),
                )
                .child(Element::new("a:prstGeom").with("prst", "rect").child(Element::new("a:avLst"))),
        )
}
