//! A document of what is live.

use super::VERSION;
use super::compare::{parts, shown, stored};
use super::document::current;
use crate::proto::secret::MASK;
use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::{Access, Kind, Problem, Table, text};

/// The members of a document that are no attributes of a provider.
pub(super) struct Names {
    pub(super) version: &'static str,
    pub(super) id: &'static str,
    pub(super) delete: &'static str,
}

/// See [`Names`].
pub(super) static NAMES: Names = Names { version: "version", id: "id", delete: "delete" };

/// Writes a document of what is live, without secrets and without what providers set themselves. Its plan against the same
/// sources is empty. Without `ids` its entries are matched by name, as in another account.
pub fn export_setup(raw: &[u8], ids: bool) -> Result<Vec<u8>, Vec<Problem>> {
    let mut out = Vec::new();
    let mut document = ObjectWriter::new(&mut out);
    document.raw(NAMES.version, VERSION.as_bytes());
    for (provider, sources) in current(raw)? {
        let list = document.key(provider.name);
        list.push(b'[');
        for (index, source) in sources.iter().enumerate() {
            if index > 0 {
                list.push(b',');
            }
            let mut entry = ObjectWriter::new(list);
            if let Some(id) = source.id.as_deref().filter(|id| ids && !text::is_blank(id)) {
                entry.string(NAMES.id, id);
            }
            write(&mut entry, provider.source, source.raw);
            entry.close();
        }
        list.push(b']');
    }
    document.close();
    Ok(out)
}

/// Writes every field that can be given and shown.
fn write(object: &mut ObjectWriter<'_>, table: &'static Table, live: &[u8]) {
    let live = parts(live, table);
    for field in table.all().filter(|field| field.access != Access::ReadOnly && !field.secret) {
        let Some(value) = stored(&live, table, field) else { continue };
        match (field.kind, Shape::of(value)) {
            (Kind::Object(inner), Some(Shape::Object)) => {
                let mut part = ObjectWriter::new(object.key(field.name));
                write(&mut part, inner, value);
                part.close();
            }
            _ if field.write_only => {}
            (_, Some(Shape::Null)) if !field.nullable => {}
            // A mask stands for something that is not known.
            _ if field.masked && json::string(value).is_some_and(|text| text == MASK) => {}
            // The id of a key is no secret, and needed; names and passwords in addresses are.
            _ if field.masked => object.raw(field.name, value),
            _ => object.raw(field.name, &shown(table, field, value)),
        }
    }
}
