import { Controller } from "./controller.js";

void new Controller(document.getElementById("app")!).start();
