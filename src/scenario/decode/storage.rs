//! A storage volume of a database.

use super::database::{DatabaseFields, STORAGES};
use super::{Decoder, Fields, Path};
use crate::model::{At, DefaultUse, Span, Storage};
use crate::random::Distribution;
use crate::scenario::Code;
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::units::{Bytes, Nanos};

/// The kind that takes no time and costs nothing.
const NONE: &str = "none";

/// Most reads at a time, and operations per second.
const MOST_PARALLEL: u32 = 1_000_000;
const MOST_IOPS: u32 = 1_000_000_000;

const FREE: Shape = Shape::Word(&[NONE]);

form! { StorageFields "storage" "a storage volume" {
    KIND "kind": Shape::Either(&[Shape::Word(STORAGES), FREE]),
        LeftOut::Means("the one key of the map: `{ gp3: 100GiB }`"),
        "What it is, which has its times and its price.";
    SIZE "size": Shape::Size, LeftOut::Default("database.storage_size"),
        "How much of it is paid for.";
    IOPS "iops": Shape::Either(&[Shape::Whole, FREE]), LeftOut::DefaultOf("storage.*.iops", STORAGES),
        "Most operations per second.";
    READ "read": Shape::Law, LeftOut::DefaultOf("storage.*.read", STORAGES),
        "How long it takes to fetch a page.";
    FLUSH "flush": Shape::Law, LeftOut::DefaultOf("storage.*.flush", STORAGES),
        "How long it takes until a log record is safe.";
    PARALLELISM "parallelism": Shape::Whole, LeftOut::DefaultOf("storage.*.parallelism", STORAGES),
        "Reads that it serves at a time.";
} }

impl Decoder<'_> {
    /// The volume of a database; `owner` is where the database is, for what is left out. `{ gp3: 200GiB }` and
    /// `{ kind: gp3, size: 200GiB, … }` are the same.
    pub(super) fn storage(
        &mut self,
        node: Option<&Node>,
        owner: Span,
        path: &Path<'_>,
    ) -> Option<Storage> {
        let path = &path.to("storage");
        let mut short = Node::map(Vec::new(), owner);
        let kind = match node {
            None => {
                let key = &DatabaseFields::STORAGE.field.default("").key;
                At::new(self.default_text(path.text(), key).to_string(), owner)
            }
            Some(node) if node.entries().is_none() => {
                let kind = self.scalar(node, "a storage volume")?.to_string();
                self.note_kind(&kind, node.span, DatabaseFields::STORAGE.name(), path);
                At::new(kind, node.span)
            }
            Some(node) if node.get(StorageFields::KIND.name()).is_some() => {
                let fields = self.fields::<StorageFields>(node, path)?;
                let kind_node = self.required(&fields, StorageFields::KIND)?;
                self.finish(&fields);
                let kind = self.scalar(kind_node, "a kind of storage")?;
                self.note_kind(kind, kind_node.span, StorageFields::KIND.name(), path);
                return self.volume(At::new(kind.to_string(), kind_node.span), &fields);
            }
            Some(node) => {
                let entry = self.one_key(node, "a storage volume")?;
                let key = entry.key.span;
                self.note_kind(&entry.key, key, StorageFields::KIND.name(), path);
                let size = At::new(StorageFields::SIZE.name().to_string(), entry.key.span);
                short = Node::map(vec![Entry { key: size, value: entry.value.clone() }], node.span);
                entry.key.clone()
            }
        };
        let fields = self.fields::<StorageFields>(&short, path)?;
        self.volume(kind, &fields)
    }

    /// Remembers whether the kind that is written is that of a database of which none is.
    fn note_kind(&mut self, kind: &str, place: Span, field: &'static str, path: &Path<'_>) {
        let default = DatabaseFields::STORAGE.field.default("");
        let is_it = *kind == default.value;
        let used = is_it.then(|| DefaultUse { path: path.text(), key: &default.key });
        self.written.note(place, field, is_it, used);
    }

    fn volume(&mut self, kind: At<String>, fields: &Fields<'_, StorageFields>) -> Option<Storage> {
        if kind.as_str() == NONE {
            return self.no_storage(kind, fields);
        }
        if !STORAGES.contains(&kind.as_str()) {
            let known = [STORAGES, &[NONE]].concat();
            let message = format!("no kind of storage is called {}", quoted(&kind));
            self.unknown(Code::UnknownStorage, message, kind.span, &kind, &known);
            return None;
        }
        Some(Storage {
            size: fields.or(self, StorageFields::SIZE, Self::size_above_zero)?,
            read: fields.or_of(self, StorageFields::READ, &kind, Self::distribution)?,
            flush: fields.or_of(self, StorageFields::FLUSH, &kind, Self::distribution)?,
            parallelism: fields.or_of(
                self,
                StorageFields::PARALLELISM,
                &kind,
                Self::parallelism,
            )?,
            iops: fields.or_of(self, StorageFields::IOPS, &kind, Self::iops)?,
            kind,
        })
    }

    /// `none`: every field that is written still counts.
    fn no_storage(
        &mut self,
        kind: At<String>,
        fields: &Fields<'_, StorageFields>,
    ) -> Option<Storage> {
        let time = |d: &mut Self, field| match fields.get(field) {
            Some(node) => d.distribution(node),
            None => Some(Distribution::Constant(Nanos::ZERO)),
        };
        Some(Storage {
            kind,
            size: match fields.get(StorageFields::SIZE) {
                Some(node) => self.quantity(node)?,
                None => Bytes::ZERO,
            },
            read: time(self, StorageFields::READ)?,
            flush: time(self, StorageFields::FLUSH)?,
            parallelism: match fields.get(StorageFields::PARALLELISM) {
                Some(node) => self.parallelism(node)?,
                None => MOST_PARALLEL,
            },
            iops: match fields.get(StorageFields::IOPS) {
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
