/** How large something is, in words. */
import type { Position } from "../data/geometry";
import { areaHa, lengthKm } from "../data/measure";
import { text } from "./state";

const ha = (value: number): string => value.toFixed(2);
const km = (value: number): string => value.toFixed(3);

export function sizeOf(of: { area_ha: number | null; length_km: number | null }): string {
  const t = text.value.measures;
  if (of.area_ha !== null) return t.area(ha(of.area_ha));
  return of.length_km === null ? "" : t.length(km(of.length_km));
}

/** Of what is being drawn. isArea: it will be closed. */
export function sizeSoFar(positions: readonly Position[], isArea: boolean): string {
  const t = text.value.measures;
  const said = isArea ? t.area(ha(areaHa(positions))) : t.length(km(lengthKm(positions)));
  return t.about(said);
}
