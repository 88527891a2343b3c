//! `/sources/{sourceId}/assets`: the images and videos that imgix knows of a source.
//!
//! <https://docs.imgix.com/apis/management/assets>

use super::paging;
use crate::proto::operation::{Answer, Merge, Operation, Resource};
use crate::proto::options::{CALL, WRITE};
use crate::schema::{Field, Table};

const BROWSE: &str = "Asset Manager Browse";
const EDIT: &str = "Asset Manager Edit";

const ANY: u32 = u32::MAX;

/// What an asset is and what may be said about it. `fields` and the account's plan leave attributes out.
pub static ASSET: Table = Table::new(
    "ImgixAsset",
    &[
        Field::string("origin_path").help("path in the storage, with a slash before it"),
        Field::string("source_id").help("the source it belongs to"),
        Field::string("name").updatable().nullable().help("shown in the Asset Manager"),
        Field::string("description").updatable().nullable().help("text beside it"),
        Field::strings("categories", 0).updatable().nullable().help("labels; replaced as a whole"),
        Field::string_map("custom_fields").updatable().nullable().help("values of your own; replaced as a whole"),
        Field::scalar_map("tags").help("confidence from 0 to 1 by tag; a tag that was taken off stays with 0"),
        Field::object("colors", &COLORS).help("what was found in the image"),
        Field::string("content_type").help("media type"),
        Field::string("media_kind").suggests(&["IMAGE", "VIDEO"]).help("kind of file"),
        Field::integer("file_size", 0, ANY).help("bytes"),
        Field::integer("media_width", 0, ANY).help("pixels"),
        Field::integer("media_height", 0, ANY).help("pixels"),
        Field::integer("dpi_width", 0, ANY),
        Field::integer("dpi_height", 0, ANY),
        Field::string("color_model"),
        Field::string("color_profile"),
        Field::integer("face_count", 0, ANY),
        Field::boolean("has_frames").help("is it animated?"),
        Field::string("uploaded_by").help("the user who uploaded it"),
        Field::boolean("uploaded_by_api"),
        Field::boolean("analyzed_faces"),
        Field::boolean("analyzed_tags"),
        Field::boolean("analyzed_content_warnings"),
        Field::seconds("date_created").help("unix seconds"),
        Field::seconds("date_modified").help("unix seconds"),
        Field::integer("warning_adult", 0, ANY).help("how likely, from 1 to 5"),
        Field::integer("warning_medical", 0, ANY).help("how likely, from 1 to 5"),
        Field::integer("warning_racy", 0, ANY).help("how likely, from 1 to 5"),
        Field::integer("warning_spoof", 0, ANY).help("how likely, from 1 to 5"),
        Field::integer("warning_violence", 0, ANY).help("how likely, from 1 to 5"),
    ],
)
.help("An image or a video of a source.");

/// The colors of an image.
static COLORS: Table = Table::new(
    "ImgixAssetColors",
    &[Field::string_map("dominant_colors").help("hexadecimal colors by what they are, such as `vibrant`")],
)
.help("The colors of an image.");

static LIST_OPTIONS: Table =
    Table::new("ImgixAssetsQuery", &[Field::object("page", &paging::CURSOR).updatable().help("which page")])
        .with(&paging::LIST)
        .help(
            "Which assets. Filters: `categories`, `colors`, `custom:<key>`, `face_count`, `has_frames`, `keyword`, \
             `media_kind`, `origin_path`, `tags`; `or:` before one joins by OR. Sorts: `date_created`, `date_modified`, \
             `file_size`.",
        );

static UPDATE_OPTIONS: Table = Table::new(
    "ImgixAssetUpdateOptions",
    &[Field::boolean("merge").updatable().help(
        "complete `categories` and `custom_fields` by what is stored, instead of replacing it; reads the asset first",
    )],
)
.with(&WRITE);

static UPLOAD_OPTIONS: Table = Table::new(
    "ImgixUploadOptions",
    &[
        Field::string("contentType")
            .updatable()
            .help("media type; that of the `Blob`, else `application/octet-stream`, if left out"),
        Field::boolean("overwrite").updatable().help("replace what is there; needs the permission Asset Purge too"),
        Field::function("onProgress").updatable().help("told how many bytes have left"),
        Field::string("method")
            .updatable()
            .one_of(&["auto", "simple", "session"])
            .default("\"auto\"")
            .help("one request, or a session whose bytes go straight to the storage; `auto` decides by size"),
    ],
)
.with(&CALL);

/// The operations on assets.
pub(super) const RESOURCE: Resource = Resource {
    name: "assets",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Images and videos that imgix knows of a source.",
    operations: &[
        Operation::get("assets.list", "sources/{sourceId}/assets")
            .help("Lists assets, page by page.")
            .needs(BROWSE)
            .counted_as("default")
            .takes(&LIST_OPTIONS)
            .answers(Answer::List(&ASSET)),
        Operation::get("assets.get", "sources/{sourceId}/assets/{path+}")
            .help("Reads one asset.")
            .needs(BROWSE)
            .counted_as("assets.get")
            .answers(Answer::One(&ASSET)),
        Operation::patch("assets.update", "sources/{sourceId}/assets/{path+}", &ASSET)
            .help("Changes an asset. Lists and objects replace what is stored, unless `merge` is set.")
            .needs(EDIT)
            .counted_as("default")
            .takes(&UPDATE_OPTIONS)
            .answers(Answer::One(&ASSET))
            .merges(Merge { read: "assets.get", field: "", option: "merge", usual: false }),
        Operation::request("assets.add", "sources/{sourceId}/assets/add/{path+}")
            .help("Makes an object known that is in the storage already. Assets that are rendered need no adding.")
            .needs(EDIT)
            .counted_as("default")
            .answers(Answer::Maybe(&ASSET)),
        Operation::request("assets.refresh", "sources/{sourceId}/assets/refresh/{path+}")
            .help("Reads an asset's file anew, and purges it.")
            .needs(EDIT)
            .counted_as("assets.refresh")
            .once()
            .answers(Answer::Maybe(&ASSET)),
        Operation::bytes("POST", "assets.upload", "sources/{sourceId}/upload/{path+}")
            .help("Uploads a file into the source's storage, which must allow it.")
            .needs(EDIT)
            .counted_as("assets.upload")
            .once()
            .takes(&UPLOAD_OPTIONS)
            .queried_by(&["overwrite"])
            .answers(Answer::Maybe(&ASSET)),
    ],
};
