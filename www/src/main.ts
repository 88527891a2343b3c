import "./again.js";
import { Shell } from "./shell/shell.js";

void new Shell(document.getElementById("app")!).start();
