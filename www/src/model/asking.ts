// Dialogs that send something themselves.
import type { TemplateResult } from "lit";
import type { App } from "../app.js";
import { inWords } from "./failure.js";

/** Opens a dialog that does `act`. If that fails after the dialog was closed, it is said elsewhere. */
export async function asking<Given, Answer>(
  app: Pick<App, "ask" | "say">,
  act: (given: Given) => Promise<Answer>,
  dialog: (act: (given: Given) => Promise<Answer>) => TemplateResult,
  load?: () => Promise<unknown>,
): Promise<void> {
  let isLeft = false;
  const told = async (given: Given): Promise<Answer> => {
    try {
      return await act(given);
    } catch (thrown) {
      if (isLeft) app.say(inWords(thrown));
      throw thrown;
    }
  };
  await app.ask(() => dialog(told), load);
  isLeft = true;
}
