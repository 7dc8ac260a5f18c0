//! The few colours of terminal output. What they say is said in words too.

use anstyle::{AnsiColor, Style};

/// What a piece of text is, and so how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Ordinary text.
    Plain,
    /// Text beside the point.
    Dim,
    /// It is well.
    Good,
    /// It may be bad.
    Doubtful,
    /// It is bad.
    Bad,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Doubtful => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }

    /// The text with the codes of its colour; a stream that has none takes them out.
    pub(super) fn paint(self, text: &str) -> String {
        let style = self.style();
        if style.is_plain() || text.is_empty() {
            text.to_owned()
        } else {
            format!("{style}{text}{style:#}")
        }
    }
}
