// What other screens need to give work to a gateway; loaded when somebody does.
export { refusalOf } from "./answers.js";
export { handOver } from "./jobs.js";
