//! Reads the code: its modules, and every path that they name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::LazyLock,
};

use proc_macro2::{LineColumn, TokenStream, TokenTree};
use syn::{spanned::Spanned, visit::Visit};

/// A module, from the crate's root; the root is empty.
pub(crate) type Place = Vec<String>;

/// The code that is compiled into the program; modules for tests only are left out.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) modules: BTreeMap<Place, Scope>,
    pub(crate) seen: Vec<Seen>,
    /// Lines of each file, those of tests left out.
    pub(crate) lines: BTreeMap<String, usize>,
}

/// What a module has names for.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) children: BTreeSet<String>,
    /// What it imports, under the name that it has there.
    imports: BTreeMap<String, Vec<String>>,
}

/// A path that a module names, `async` where it waits.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) file: String,
    pub(crate) at: LineColumn,
    pub(crate) place: Place,
    /// From `crate`, or a crate's name, on.
    pub(crate) path: Vec<String>,
    /// What it is called there.
    pub(crate) name: String,
}

impl Code {
    /// The module that a path leads to, through what other modules import; `None` for one outside of the crate.
    pub(crate) fn resolve(&self, path: &[String]) -> Option<Place> {
        self.resolve_within(path, 8)
    }

    fn resolve_within(&self, path: &[String], depth: u8) -> Option<Place> {
        let (root, names) = path.split_first()?;
        if root != "crate" || depth == 0 {
            return None;
        }
        let mut place = Place::new();
        for (index, name) in names.iter().enumerate() {
            let scope = self.modules.get(&place)?;
            if scope.children.contains(name) {
                place.push(name.clone());
            } else if let Some(import) = scope.imports.get(name) {
                let rest = [import, &names[index + 1..]].concat();
                return self.resolve_within(&rest, depth - 1);
            } else {
                break;
            }
        }
        Some(place)
    }
}

/// All of `src` that is compiled into the library.
pub(crate) fn read() -> &'static Code {
    static CODE: LazyLock<Code> = LazyLock::new(read_all);
    &CODE
}

fn read_all() -> Code {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut code = Code::default();
    let mut waiting = vec![Place::new()];
    while let Some(place) = waiting.pop() {
        let flat = format!("{}.rs", place.join("/"));
        let file = match place.is_empty() {
            true => "lib.rs".to_owned(),
            false if src.join(&flat).exists() => flat,
            false => format!("{}/mod.rs", place.join("/")),
        };
        let text = fs::read_to_string(src.join(&file)).unwrap();
        let children = read_file(&file, &place, &text, &mut code);
        waiting.extend(children.into_iter().map(|name| [place.clone(), vec![name]].concat()));
    }
    code
}

/// The code of one file.
pub(crate) fn of_text(file: &str, place: &[String], text: &str) -> Code {
    let mut code = Code::default();
    read_file(file, place, text, &mut code);
    code
}

/// Reads a file that is the module `place`, and tells which modules have files of their own.
fn read_file(file: &str, place: &[String], text: &str, code: &mut Code) -> Vec<String> {
    let parsed = syn::parse_file(text).unwrap();
    let files = files_of(&parsed);
    code.modules.entry(place.to_vec()).or_default().children.extend(files.iter().cloned());
    code.lines.insert(file.to_owned(), text.lines().count() - lines_of_tests(&parsed));
    Reader { file, place: place.to_vec(), code }.visit_file(&parsed);
    files
}

/// The modules of a file that have files of their own and are compiled into the program.
fn files_of(file: &syn::File) -> Vec<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && !is_test(item) => Some(item),
        _ => None,
    });
    modules.map(|item| item.ident.to_string()).collect()
}

/// Lines of the modules for tests that a file holds.
fn lines_of_tests(file: &syn::File) -> usize {
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if is_test(item) => Some(item.span()),
        _ => None,
    });
    modules.map(|span| span.end().line - span.start().line + 1).sum()
}

fn is_test(item: &syn::ItemMod) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

struct Reader<'a> {
    file: &'a str,
    place: Place,
    code: &'a mut Code,
}

impl Reader<'_> {
    /// A path from the crate's root, where it starts with `self`, `super` or a module of this one.
    fn resolved(&self, names: &[String]) -> Vec<String> {
        let up = names.iter().take_while(|name| *name == "super").count();
        let scope = &self.code.modules[&self.place];
        if up == 0 && names[0] != "self" && !scope.children.contains(&names[0]) {
            return names.to_vec();
        }
        let kept = &self.place[..self.place.len().saturating_sub(up)];
        let rest = names.iter().filter(|name| !matches!(name.as_str(), "self" | "super"));
        let root = std::iter::once("crate".to_owned());
        root.chain(kept.iter().cloned()).chain(rest.cloned()).collect()
    }

    fn path(&mut self, names: &[String], at: LineColumn) {
        let path = self.resolved(names);
        let name = path.last().cloned().unwrap_or_default();
        self.see(path, name, at);
    }

    fn see(&mut self, path: Vec<String>, name: String, at: LineColumn) {
        let (file, place) = (self.file.to_owned(), self.place.clone());
        self.code.seen.push(Seen { file, at, place, path, name });
    }

    fn import(&mut self, names: &[String], name: &str, at: LineColumn) {
        let path = self.resolved(names);
        let scope = self.code.modules.entry(self.place.clone()).or_default();
        scope.imports.insert(name.to_owned(), path.clone());
        self.see(path, name.to_owned(), at);
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let at = tree.span().start();
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) if name.ident == "self" => {
                let name = before.last().cloned().unwrap_or_default();
                self.import(before, &name, at);
            }
            syn::UseTree::Name(name) => {
                self.import(&with(&name.ident), &name.ident.to_string(), at)
            }
            syn::UseTree::Rename(name) => {
                self.import(&with(&name.ident), &name.rename.to_string(), at);
            }
            syn::UseTree::Glob(_) => self.path(before, at),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before));
            }
        }
    }

    /// Paths in the arguments of macros and attributes, which have no grammar that is known here.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let at = first.span().start();
                    let mut names = vec![first.to_string()];
                    while tokens.next_if(is_colon).is_some() && tokens.next_if(is_colon).is_some() {
                        let Some(TokenTree::Ident(next)) = tokens.peek() else { break };
                        names.push(next.to_string());
                        tokens.next();
                    }
                    if names.len() > 1 {
                        self.path(&names, at);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':')
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(item) && item.content.is_some() {
            let name = item.ident.to_string();
            self.code.modules.entry(self.place.clone()).or_default().children.insert(name.clone());
            self.place.push(name);
            self.code.modules.entry(self.place.clone()).or_default();
            syn::visit::visit_item_mod(self, item);
            self.place.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.path(&names, path.span().start());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        syn::visit::visit_macro(self, item);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.tokens(list.tokens.clone());
        syn::visit::visit_meta_list(self, list);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() {
            self.see(vec!["async".to_owned()], String::new(), signature.span().start());
        }
        syn::visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.see(vec!["async".to_owned()], String::new(), block.span().start());
        syn::visit::visit_expr_async(self, block);
    }
}

#[test]
fn a_module_that_is_for_tests_only_is_not_read() {
    let file = syn::parse_file("mod a; #[cfg(test)] mod tests; mod b { }").unwrap();
    assert_eq!(files_of(&file), ["a"]);
}

#[test]
fn lines_of_tests_do_not_count() {
    let text = "mod a;\n\n#[cfg(test)]\nmod tests {\n    fn f() {}\n}\n";
    assert_eq!(of_text("file.rs", &[], text).lines["file.rs"], 2);
}
