/** The map beside the answer and the card over the page: both come after the answer, when they are wanted. */
import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { closeCard } from "../panels/focus";
import { chart, fetchGround, lang, loadChart, selected, words } from "../state/store";
import { question, shown } from "./ask";
import { text } from "./said";

type Parts = { NearSheet: ComponentType; NearCard: ComponentType };

const parts = signal<Parts | null>(null);
const failed = signal(false);
/** Somebody wants the map or a card: by scrolling to it, or by pressing. */
export const wanted = signal(false);

let begun = false;

async function fetchParts(): Promise<void> {
  failed.value = false;
  try {
    const [sheet, card] = await Promise.all([import("./NearSheet"), import("./NearCard")]);
    if (chart.value.status !== "ready") await loadChart();
    if (chart.value.status !== "ready") begun = false;
    void fetchGround();
    parts.value = { NearSheet: sheet.NearSheet, NearCard: card.NearCard };
  } catch {
    begun = false;
    failed.value = true;
  }
}

/** After the first answer and a quiet moment, so that map and cards open in a tunnel too. */
const QUIET_MS = 4000;

function thrifty(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function begin(): void {
  if (begun) return;
  begun = true;
  void fetchParts();
}

/** A chart that could not be fetched leaves the page as it is, with a way to try again. */
const isThere = (): boolean => parts.value !== null && chart.value.status === "ready";

export function Side(): JSX.Element {
  const t = text.value.map;
  const host = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a wide page the map is in sight at once; it still waits until the page has said its first words.
    const watcher = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) wanted.value = true;
      },
      { rootMargin: "200px" },
    );
    const idle = window.setTimeout(() => host.current && watcher.observe(host.current), 600);
    const quiet = window.setTimeout(() => {
      if (!thrifty()) wanted.value = true;
    }, QUIET_MS);
    const back = (): void => {
      if (wanted.value || selected.value) begin();
    };
    addEventListener("online", back);
    return () => {
      clearTimeout(idle);
      clearTimeout(quiet);
      watcher.disconnect();
      removeEventListener("online", back);
    };
  }, []);
  useSignalEffect(() => {
    if (wanted.value || selected.value) begin();
  });
  const Sheet = parts.value?.NearSheet;
  const near = shown.value;
  return (
    <section class="near-map" aria-label={t.title} ref={host}>
      <p class="hint">{t.hint}</p>
      <div class="near-map-frame">
        {Sheet && isThere() ? (
          <Sheet />
        ) : (
          <p class="near-map-wait" role="status">
            {failed.value || chart.value.status === "failed" ? t.failed : t.loading}{" "}
            {(failed.value || chart.value.status === "failed") && (
              <button type="button" class="button" onClick={begin}>
                {text.value.answer.again}
              </button>
            )}
          </p>
        )}
      </div>
      {near && question.value.lon && (
        <p class="map-answer">{lang.value === "zh" ? near.summary_zh : near.summary_en}</p>
      )}
    </section>
  );
}

export function CardOver(): JSX.Element | null {
  const t = text.value.map;
  const Card = parts.value?.NearCard;
  if (!selected.value) return null;
  if (Card && isThere()) return <Card />;
  const isLost = failed.value || chart.value.status === "failed";
  return (
    <aside class="card-over card-waits" aria-label={text.value.entry.whole}>
      <p role="status">{isLost ? t.noCard : text.value.answer.asking}</p>
      {isLost && (
        <button type="button" class="button" onClick={begin}>
          {text.value.answer.again}
        </button>
      )}
      <button type="button" class="button" onClick={closeCard}>
        {words.value.card.close}
      </button>
    </aside>
  );
}
