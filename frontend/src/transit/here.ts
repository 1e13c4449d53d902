/** The position of the device, asked for only when somebody presses for it. */
import { signal } from "@preact/signals";
import { putPoint } from "./ask";

export type Trouble = "denied" | "unavailable" | "slow" | "unsupported";

export const locating = signal(false);
export const trouble = signal<Trouble | null>(null);
/** How exact the device says that it is, in metres; null before it was asked. */
export const accuracy = signal<number | null>(null);

const PATIENCE_MS = 15_000;
const TROUBLES: Record<number, Trouble> = { 1: "denied", 2: "unavailable", 3: "slow" };

/** Browsers give WGS84; what some apps in China give instead a reader can say afterwards. */
export function locate(): void {
  trouble.value = null;
  if (!("geolocation" in navigator)) {
    trouble.value = "unsupported";
    return;
  }
  locating.value = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      locating.value = false;
      accuracy.value = coords.accuracy;
      putPoint(coords.longitude, coords.latitude, "wgs84");
    },
    (error) => {
      locating.value = false;
      trouble.value = TROUBLES[error.code] ?? "unavailable";
    },
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
  );
}
