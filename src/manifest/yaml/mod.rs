//! Documents of YAML and JSON as trees that know their lines.

mod build;
mod node;
mod split;
mod template;

use granit_parser::{Event, Parser, options};

pub(super) use node::Node;
pub(super) use template::BRACES;

use super::error::{Failure, Problem};
use crate::text::Untrusted;
use build::Builder;

/// Reads the documents of a text one after another, so that one of them is kept at a time. Empty ones are left out.
///
/// # Errors
///
/// With the line, where it is known; and whatever `each` fails with.
pub(super) fn documents(
    text: &str,
    mut each: impl FnMut(Node<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (part, lines_before) in split::parts(text) {
        read(part, lines_before, &mut each)?;
    }
    Ok(())
}

/// Characters before the colon of a key. YAML's limit of 1,024 is none of JSON's.
const KEY_MAX: usize = 64 * 1024;

fn read(
    text: &str,
    lines_before: u32,
    each: &mut impl FnMut(Node<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    // libyaml, which kubectl reads with, takes nested collections and quoted texts as loosely
    let options = options! { emit_comments: false, simple_key_max_lookahead: KEY_MAX };
    let mut builder = Builder::new(text, lines_before);
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((Event::DocumentEnd, _)) => {
                let document = builder.finish();
                if let Some(root) = document.root() {
                    each(root)?;
                }
            }
            Ok((event, span)) => builder.take(event, &span)?,
            Err(error) => {
                let line = line_of(&error) + lines_before;
                if let Some(template) = builder.template_before(line) {
                    return Err((Some(template), Problem::Template));
                }
                let why = Untrusted::from(error.kind().to_string()).to_clean_line(200);
                return Err((Some(line), Problem::NotYaml(why)));
            }
        }
    }
    Ok(())
}

fn line_of(error: &granit_parser::ScanError) -> u32 {
    u32::try_from(error.marker().line()).unwrap_or(u32::MAX).max(1)
}
