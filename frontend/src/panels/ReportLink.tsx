/** A link to whoever takes reports of errors, when the service names somebody. */
import type { JSX } from "preact";
import { reportHref } from "../state/report";
import { catalogue, nameOf, projectById, selected, words } from "../state/store";
import { Icon } from "./signs";

/** `claim`: the claim that is wrong; none for the project as a whole. */
export function ReportLink(props: { claim?: number }): JSX.Element | null {
  const { claim } = props;
  const t = words.value.report;
  const project = projectById.value.get(selected.value ?? "");
  if (!project) return null;
  const name = nameOf(project);
  const about = claim === undefined ? name : t.claim(name, claim);
  const begin = (): string | null =>
    reportHref({
      address: catalogue.value!.site.report_address,
      subject: t.subject(about),
      lines: [about, t.id(project.id), location.href, "", t.wrong, ""],
    });
  const href = begin();
  if (!href) return null;
  // The address of the page moves with the day and the view: it is written when the report begins.
  const renew = (event: { currentTarget: HTMLAnchorElement }): void => {
    event.currentTarget.href = begin() ?? href;
  };
  if (claim === undefined)
    return (
      <a class="button" href={href} rel="noreferrer" onClick={renew}>
        {words.value.card.report}
      </a>
    );
  return (
    <a class="quiet report" href={href} rel="noreferrer" onClick={renew} aria-label={t.ofClaim(claim)}>
      {words.value.card.report} <Icon name="chevron" size={10} />
    </a>
  );
}
