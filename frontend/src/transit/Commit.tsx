/** How firmly something was said: five steps, the word, and the sentence that explains it. */
import type { JSX } from "preact";
import { Commitment } from "../panels/signs";
import { called, commitmentInfo, level, sentence } from "./said";

/** `brief`: without its sentence. */
export function Commit(props: { id: string; brief?: boolean }): JSX.Element {
  const info = commitmentInfo(props.id);
  return (
    <span class="commit">
      <Commitment level={level(props.id)} word={called(info)} />
      {!props.brief && <small>{sentence(info)}</small>}
    </span>
  );
}
