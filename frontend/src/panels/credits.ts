/** Whom the sheet names in its margin. */
import { computed } from "@preact/signals";
import { base, catalogue, lang, words } from "../state/store";
import { either } from "../text/words";

/** The two the drawing rests on; all of them stand at the end of the left column. */
const OWN = 2;

/**
 * The credits of the sheet. The first is that of the drawing; what an office must print comes right after it,
 * as the margin holds only so much.
 */
export const sheetCredits = computed((): string[] => {
  const { credits, site } = catalogue.value!;
  const drawn = credits.slice(0, OWN).map((credit) => either(lang.value, credit.zh, credit.en));
  const under = base.value ? either(lang.value, base.value.credit_zh, base.value.credit_en) : "";
  const approval = site.map_approval && `${words.value.mapApproval} ${site.map_approval}`;
  const footer = either(lang.value, site.footer_zh, site.footer_en);
  const [first, ...others] = drawn;
  const all = [first, approval, under, footer, words.value.sheet.outline, ...others];
  return all.filter(Boolean);
});
