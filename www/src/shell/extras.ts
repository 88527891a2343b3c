// Parts around the screens that nobody needs to see the first list. In one file, as they share much.
import "./command-palette.js";
import "./connect/connect-page.js";
import "./fault-switches.js";
import "./inspector/inspector-drawer.js";
import "./rate-table.js";
import "./shortcuts-dialog.js";
