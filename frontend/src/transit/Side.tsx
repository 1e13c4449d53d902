/** The map beside the answer and the card over the page: both come after the answer, when they are wanted. */
import { signal, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { chart, fetchGround, loadChart, selected } from "../state/store";
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
    void fetchGround();
    parts.value = { NearSheet: sheet.NearSheet, NearCard: card.NearCard };
  } catch {
    begun = false;
    failed.value = true;
  }
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
    return () => {
      clearTimeout(idle);
      watcher.disconnect();
    };
  }, []);
  useSignalEffect(() => {
    if (wanted.value || selected.value) begin();
  });
  const Sheet = parts.value?.NearSheet;
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
              <button
                type="button"
                class="button"
                onClick={() => {
                  begun = false;
                  begin();
                }}
              >
                {text.value.answer.again}
              </button>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

export function CardOver(): JSX.Element | null {
  const Card = parts.value?.NearCard;
  if (!selected.value || !Card || !isThere()) return null;
  return <Card />;
}
