// What of the screen is loaded when it is wanted, in one file, as it shares much: its dialogs, and the list as a file.
import "../../widgets/confirm-dialog.js";
import "./bulk-dialog.js";
import "./purge-dialog.js";
import "./source-form.js";
export { saveRows } from "./export.js";
