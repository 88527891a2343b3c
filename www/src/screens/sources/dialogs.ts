// The dialogs of the screen, in one file, as they share much.
import "./bulk-dialog.js";
import "./purge-dialog.js";
import "./source-form.js";
