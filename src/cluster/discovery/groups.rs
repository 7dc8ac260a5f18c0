//! The answers of discovery: the groups of an API server with their versions, and the resources of one version.

use serde::Deserialize;

use super::Served;

/// The groups that an API server serves.
#[derive(Deserialize)]
pub(in crate::cluster) struct Groups {
    pub(in crate::cluster) groups: Vec<Group>,
}

/// A group with its versions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cluster) struct Group {
    pub(in crate::cluster) name: Box<str>,
    #[serde(default)]
    versions: Vec<Version>,
    #[serde(default)]
    preferred_version: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    version: Box<str>,
}

/// The resources of a version of a group.
#[derive(Deserialize)]
pub(in crate::cluster) struct Resources {
    pub(in crate::cluster) resources: Vec<ApiResource>,
}

/// One of them; subresources have a slash in their name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cluster) struct ApiResource {
    pub(in crate::cluster) name: Box<str>,
    #[serde(default)]
    singular_name: Box<str>,
    #[serde(default)]
    short_names: Vec<Box<str>>,
    #[serde(default)]
    kind: Box<str>,
    #[serde(default)]
    namespaced: bool,
}

impl ApiResource {
    /// What it may be called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&*self.name, &*self.singular_name].into_iter();
        names.chain(self.short_names.iter().map(|short| &**short)).filter(|name| !name.is_empty())
    }

    /// Whether it is the kind of this name, as owner references have it.
    pub(super) fn is_kind(&self, kind: &str) -> bool {
        *self.kind == *kind && !self.name.contains('/')
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names().any(|own| own == name) || self.kind.eq_ignore_ascii_case(name)
    }

    pub(super) fn served(&self, group: &str, version: &str) -> Served {
        let (group, version, plural) = (group.into(), version.into(), self.name.clone());
        Served { group, version, plural, is_namespaced: self.namespaced }
    }
}

impl Group {
    /// Its versions, the preferred one first.
    pub(super) fn versions(&self) -> impl Iterator<Item = &str> {
        let preferred = self.preferred_version.iter().chain(&self.versions);
        preferred.map(|version| &*version.version)
    }
}

/// The groups that are meant, with the version that was named: the one of that name; else one after a version; else those
/// that begin so.
pub(super) fn candidates<'g, 'n>(
    groups: &'g [Group],
    name: &'n str,
) -> Vec<(&'g Group, Option<&'n str>)> {
    let called = |name: &str| groups.iter().find(|group| *group.name == *name);
    if let Some(group) = called(name) {
        return vec![(group, None)];
    }
    let versioned = name.split_once('.').and_then(|(version, group)| {
        Some((called(group).filter(|group| group.versions().any(|v| v == version))?, version))
    });
    if let Some((group, version)) = versioned {
        return vec![(group, Some(version))];
    }
    let begins = groups.iter().filter(|group| group.name.starts_with(name));
    begins.map(|group| (group, None)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Vec<Group> {
        let groups = serde_json::json!({"groups": [
            {"name": "apps", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}},
            {"name": "shop.example.com", "versions": [{"version": "v1"}, {"version": "v2"}]},
            {"name": "shop.example.org", "versions": [{"version": "v1"}]}]});
        serde_json::from_value::<Groups>(groups).unwrap().groups
    }

    #[test]
    fn a_group_is_named_in_full_after_a_version_or_by_its_beginning() {
        let groups = groups();
        let of = |name| -> Vec<String> {
            let found = candidates(&groups, name).into_iter();
            found.map(|(group, v)| format!("{} {}", group.name, v.unwrap_or("-"))).collect()
        };
        assert_eq!(of("shop.example.com"), ["shop.example.com -"]);
        assert_eq!(of("v2.shop.example.com"), ["shop.example.com v2"]);
        assert_eq!(of("shop"), ["shop.example.com -", "shop.example.org -"]);
        assert!(of("v3.shop.example.com").is_empty());
        assert!(of("example.com").is_empty());
    }
}
