//! Enums of words: each variant is a word of a closed list.

/// Makes an enum and its words of one table.
///
/// `Variant = "word"` is the word in JSON, in recordings and in sentences. `Variant = "word" / "some words"` is the first
/// for machines and the second for people.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident = $word:literal $(/ $said:literal)?,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every variant, in the order of its declaration.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word for machines, as in JSON.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The words for people.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $crate::text::words!(@said $word $($said)?),)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::text::Shown for $name {}
    };
    (@said $word:literal) => { $word };
    (@said $word:literal $said:literal) => { $said };
}

pub(crate) use words;
