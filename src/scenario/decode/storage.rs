//! A storage volume of a database.

use super::{Decoder, Path};
use crate::model::{At, Span, Storage};
use crate::random::Distribution;
use crate::scenario::Code;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::units::{Bytes, Nanos};

/// Keys of a kind's defaults.
struct Keys {
    read: &'static str,
    flush: &'static str,
    parallelism: &'static str,
    iops: &'static str,
}

macro_rules! keys {
    ($name:literal) => {
        (
            $name,
            Keys {
                read: concat!("storage.", $name, ".read"),
                flush: concat!("storage.", $name, ".flush"),
                parallelism: concat!("storage.", $name, ".parallelism"),
                iops: concat!("storage.", $name, ".iops"),
            },
        )
    };
}

const KINDS: [(&str, Keys); 6] =
    [keys!("gp3"), keys!("gp2"), keys!("io2"), keys!("nvme"), keys!("ssd"), keys!("hdd")];

/// The kind that takes no time and costs nothing.
const NONE: &str = "none";

/// Most reads at a time, and operations per second.
const MOST_PARALLEL: u32 = 1_000_000;
const MOST_IOPS: u32 = 1_000_000_000;

/// A volume as written: `{ gp3: 200GiB }` and `{ kind: gp3, size: 200GiB, … }` alike.
#[derive(Default)]
struct Written<'n> {
    size: Option<&'n Node>,
    read: Option<&'n Node>,
    flush: Option<&'n Node>,
    parallelism: Option<&'n Node>,
    iops: Option<&'n Node>,
}

impl Decoder<'_> {
    /// The volume of a database; `owner` is where the database is, for what is left out.
    pub(super) fn storage(
        &mut self,
        node: Option<&Node>,
        owner: Span,
        path: &Path<'_>,
    ) -> Option<Storage> {
        let path = &path.to("storage");
        let mut written = Written::default();
        let kind = match node {
            None => {
                let kind = self.default_text(path.text(), "database.storage");
                At::new(kind.to_string(), owner)
            }
            Some(node) if node.entries().is_none() => {
                At::new(self.scalar(node, "a storage volume")?.to_string(), node.span)
            }
            Some(node) if node.get("kind").is_some() => {
                let mut fields = self.fields(node, "a storage volume", path)?;
                let kind_node = self.required(&mut fields, "kind")?;
                written.size = fields.take("size");
                written.iops = fields.take("iops");
                written.read = fields.take("read");
                written.flush = fields.take("flush");
                written.parallelism = fields.take("parallelism");
                self.finish(fields);
                At::new(self.scalar(kind_node, "a kind of storage")?.to_string(), kind_node.span)
            }
            Some(node) => {
                let entry = self.one_key(node, "a storage volume")?;
                written.size = Some(&entry.value);
                entry.key.clone()
            }
        };
        if kind.as_str() == NONE {
            return self.no_storage(kind, &written);
        }
        let Some((_, keys)) = KINDS.iter().find(|(name, _)| *name == kind.as_str()) else {
            let mut known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            known.push(NONE);
            let message = format!("no kind of storage is called {}", quoted(&kind));
            self.unknown(Code::UnknownStorage, message, kind.span, &kind, &known);
            return None;
        };
        self.volume(kind, keys, &written, path)
    }

    fn volume(
        &mut self,
        kind: At<String>,
        keys: &Keys,
        written: &Written<'_>,
        path: &Path<'_>,
    ) -> Option<Storage> {
        let at = |field: &str| path.to(field).text();
        let size = match written.size {
            Some(node) => self.size_above_zero(node)?,
            None => self.default(at("size"), "database.storage_size"),
        };
        let read = match written.read {
            Some(node) => self.distribution(node)?,
            None => self.default_with(at("read"), keys.read, Self::distribution),
        };
        let flush = match written.flush {
            Some(node) => self.distribution(node)?,
            None => self.default_with(at("flush"), keys.flush, Self::distribution),
        };
        let parallelism = match written.parallelism {
            Some(node) => self.parallelism(node)?,
            None => self.default_with(at("parallelism"), keys.parallelism, Self::parallelism),
        };
        let iops = match written.iops {
            Some(node) => self.iops(node)?,
            None => self.default_with(at("iops"), keys.iops, Self::iops),
        };
        Some(Storage { kind, size, read, flush, parallelism, iops })
    }

    /// `none`: every field that is written still counts.
    fn no_storage(&mut self, kind: At<String>, written: &Written<'_>) -> Option<Storage> {
        let free = || Distribution::Constant(Nanos::ZERO);
        let time = |d: &mut Self, node: Option<&Node>| match node {
            Some(node) => d.distribution(node),
            None => Some(free()),
        };
        Some(Storage {
            kind,
            size: match written.size {
                Some(node) => self.quantity(node)?,
                None => Bytes::ZERO,
            },
            read: time(self, written.read)?,
            flush: time(self, written.flush)?,
            parallelism: match written.parallelism {
                Some(node) => self.parallelism(node)?,
                None => MOST_PARALLEL,
            },
            iops: match written.iops {
                Some(node) => self.iops(node)?,
                None => None,
            },
        })
    }

    fn parallelism(&mut self, node: &Node) -> Option<u32> {
        self.whole32(node, "a number of reads at a time", 1..=MOST_PARALLEL)
    }

    /// Operations per second; `none` is uncapped.
    fn iops(&mut self, node: &Node) -> Option<Option<u32>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.whole32(node, "a number of operations per second", 1..=MOST_IOPS).map(Some)
    }
}
