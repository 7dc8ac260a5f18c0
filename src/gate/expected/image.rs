//! References of images, and whether one is what was expected (contract, `--expect-image`).

/// A reference in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Image<'a> {
    /// Registry and path, as written.
    name: &'a str,
    /// What follows the last `:` behind the last `/`.
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

/// How the image of a container compares with an expected one; a greater one is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gate) enum Match {
    /// It is the same, as far as both say.
    Same,
    /// Tag or digest agree, and the repository's last element, but not what stands before that.
    Rewritten,
    /// It is named by its digest alone and the expected one by its tag alone.
    Unverified,
    /// It is another.
    Other,
}

const DOCKER_HUB: &str = "docker.io";

impl<'a> Image<'a> {
    pub(in crate::gate) fn of(reference: &'a str) -> Self {
        let (rest, digest) = match reference.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (reference, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        match rest[last..].rfind(':') {
            Some(colon) => {
                let (name, tag) = rest.split_at(last + colon);
                Self { name, tag: Some(&tag[1..]), digest }
            }
            None => Self { name: rest, tag: None, digest },
        }
    }

    /// The repository: the last element of its path.
    fn repository(self) -> &'a str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }

    /// Whether both are of one repository, wherever that is.
    pub(in crate::gate) fn is_of_repository(self, other: Self) -> bool {
        self.repository() == other.repository()
    }

    /// The registry, where it is written: what stands before the first `/` and has a dot, a colon or is `localhost`
    /// (distribution/reference `normalize.go`, `splitDockerDomain`). Then the path.
    fn place(self) -> (Option<&'a str>, &'a str) {
        match self.name.split_once('/') {
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
                let first = if first == "index.docker.io" { DOCKER_HUB } else { first };
                (Some(first), path)
            }
            _ => (None, self.name),
        }
    }

    /// Registry and path with nothing left out: `nginx` is `docker.io/library/nginx`.
    fn whole(self) -> String {
        let (registry, path) = self.place();
        let registry = registry.unwrap_or(DOCKER_HUB);
        let library = if registry == DOCKER_HUB && !path.contains('/') { "library/" } else { "" };
        format!("{registry}/{library}{path}")
    }

    /// Whether the place is the one that was given: a flag's registry and path must match as far as it gives them.
    fn is_at(self, given: Self) -> bool {
        match given.place() {
            (Some(_), _) => self.whole() == given.whole(),
            (None, path) => {
                let whole = self.whole();
                whole.strip_suffix(path).is_some_and(|before| before.ends_with('/'))
            }
        }
    }

    /// Digests, where both have one, must agree, else tags. None means `latest`, as runtimes have it.
    fn versions(self, expected: Self) -> Match {
        let tag = |image: Self| image.tag.or(image.digest.is_none().then_some("latest"));
        let is_same = match (self.digest, expected.digest, tag(self), tag(expected)) {
            (Some(own), Some(expected), _, _) => own == expected,
            (Some(_), None, None, _) => return Match::Unverified,
            (_, _, own, expected) => own == expected,
        };
        if is_same { Match::Same } else { Match::Other }
    }

    /// Compares it with one that `--expect-image` names.
    pub(in crate::gate) fn with_flag(self, expected: Self) -> Match {
        match self.is_at(expected) {
            true => self.versions(expected),
            false => Match::Other,
        }
    }

    /// Compares it with one that the manifest gives the same container: admission may lead it to another registry.
    pub(in crate::gate) fn with_manifest(self, expected: Self) -> Match {
        match self.versions(expected) {
            Match::Same if self.whole() == expected.whole() => Match::Same,
            _ if !self.is_of_repository(expected) => Match::Other,
            Match::Same => Match::Rewritten,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_name_a_tag_and_a_digest() {
        let of = |text| {
            let Image { name, tag, digest } = Image::of(text);
            (name, tag, digest)
        };
        assert_eq!(of("nginx"), ("nginx", None, None));
        assert_eq!(of("localhost:5000/a/b"), ("localhost:5000/a/b", None, None));
        assert_eq!(of("localhost:5000/a/b:1.2"), ("localhost:5000/a/b", Some("1.2"), None));
        assert_eq!(of("a/b:1@sha256:0a"), ("a/b", Some("1"), Some("sha256:0a")));
        assert_eq!(of("a@sha256:0a"), ("a", None, Some("sha256:0a")));
        for odd in ["", ":", "/", "@", "::", "a:", "@@", "é:é", "/:"] {
            Image::of(odd);
        }
    }

    #[test]
    fn the_flag_holds_as_far_as_it_is_written() {
        use Match::{Other, Same, Unverified};
        for (flag, image, expected) in [
            ("app:2", "app:2", Same),
            ("app:2", "ghcr.io/acme/app:2", Same),
            ("app:2", "ghcr.io/acme/app:3", Other),
            ("app:2", "ghcr.io/acme/my-app:2", Other),
            ("acme/app:2", "ghcr.io/acme/app:2", Same),
            ("acme/app:2", "ghcr.io/other/app:2", Other),
            ("acme/app:2", "mirror:5000/docker.io/acme/app:2", Same),
            ("ghcr.io/acme/app:2", "ghcr.io/acme/app:2", Same),
            ("ghcr.io/acme/app:2", "quay.io/acme/app:2", Other),
            ("ghcr.io/acme/app:2", "app:2", Other),
            ("localhost:5000/app:2", "app:2", Other),
            ("nginx", "docker.io/library/nginx:latest", Same),
            ("docker.io/nginx:1", "nginx:1", Same),
            ("index.docker.io/library/nginx:1", "nginx:1", Same),
            ("library/nginx:1", "nginx:1", Same),
            ("nginx", "nginx:1", Other),
            ("app:2", "app:2@sha256:aa", Same),
            ("app:2", "app:3@sha256:aa", Other),
            ("app:2@sha256:aa", "app:2", Same),
            ("app:2@sha256:aa", "app:2@sha256:bb", Other),
            ("app@sha256:aa", "app:2@sha256:aa", Same),
            ("app:1@sha256:aa", "app:2@sha256:aa", Same),
            ("app@sha256:aa", "app:2", Other),
            ("app:2", "app@sha256:aa", Unverified),
            ("app:2", "web@sha256:aa", Other),
        ] {
            assert_eq!(Image::of(image).with_flag(Image::of(flag)), expected, "{flag} {image}");
        }
    }

    #[test]
    fn admission_may_rewrite_where_a_manifests_image_comes_from() {
        use Match::{Other, Rewritten, Same, Unverified};
        for (manifest, image, expected) in [
            ("nginx:1", "docker.io/library/nginx:1", Same),
            ("acme/app:2", "mirror.example/hub/acme/app:2", Rewritten),
            ("ghcr.io/acme/app:2", "mirror.example/app:2@sha256:aa", Rewritten),
            ("ghcr.io/acme/app@sha256:aa", "mirror.example/app@sha256:aa", Rewritten),
            ("acme/app:2", "mirror.example/acme/app:3", Other),
            ("acme/app:2", "acme/web:2", Other),
            ("acme/app@sha256:aa", "acme/web@sha256:aa", Other),
            ("app:2", "app:2@sha256:aa", Same),
            ("app:2", "app@sha256:aa", Unverified),
            ("app:2", "mirror.example/app@sha256:aa", Unverified),
            ("app:2", "web@sha256:aa", Other),
        ] {
            let found = Image::of(image).with_manifest(Image::of(manifest));
            assert_eq!(found, expected, "{manifest} {image}");
        }
    }
}
