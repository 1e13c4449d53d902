/** What came of it, in words, and what one may want next. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { session } from "../state/session";
import { chosenLang } from "../state/store";
import { sayTold } from "./Fields";
import { beginWithdrawing, doing, done, draft, end, recordAnother, target, text } from "./state";

function said(): string {
  const t = text.value.done;
  const { state, changeset, revision, withdrawn } = done.value!;
  if (state === "staged") return t.staged(changeset);
  if (doing.value?.act === "withdraw") return t.withdrawn(withdrawn ?? 0, revision ?? 0);
  if (doing.value?.act === "correct") return t.corrected(withdrawn ?? 0, revision ?? 0);
  return t.published(revision ?? 0);
}

export function Done(): JSX.Element {
  const t = text.value.done;
  const { claim, changeset, warnings } = done.value!;
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const isWithdrawal = doing.value?.act === "withdraw";
  const upload = chosenLang.value ? `/upload?lang=${chosenLang.value}` : "/upload";
  return (
    <div class="record-body record-done">
      <div role="status">
        <p>
          <b>{said()}</b>
        </p>
        {warnings.length > 0 && (
          <ul>
            {warnings.map((one) => (
              <li key={one.pointer + one.code}>{sayTold(one)}</li>
            ))}
          </ul>
        )}
      </div>
      <div class="record-buttons">
        <button type="button" class="button primary" ref={first} onClick={end}>
          {t.close}
        </button>
        {!isWithdrawal && (
          <button type="button" class="button" onClick={recordAnother}>
            {t.another}
          </button>
        )}
        {claim !== null && (
          <button
            type="button"
            class="button"
            onClick={() => beginWithdrawing(target.value, claim, draft.value.quote)}
          >
            {t.undo}
          </button>
        )}
      </div>
      <p class="record-log">
        {t.log(changeset)}
        {session.value?.may_upload && (
          <>
            {" · "}
            <a href={upload}>{t.review}</a>
          </>
        )}
      </p>
    </div>
  );
}
