//! The size of a screen.

use std::io;

/// The size of a screen in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) columns: usize,
    pub(super) rows: usize,
}

pub(super) fn size_of_stderr() -> Option<Size> {
    let (width, height) = terminal_size::terminal_size_of(io::stderr())?;
    Some(Size { columns: width.0.into(), rows: height.0.into() })
}
