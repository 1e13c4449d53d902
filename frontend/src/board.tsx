/** The page of a planner: the ledger of projects in step with the map, and the figures of the year. */
import { render } from "preact";
import "./styles/board-page.css";
import { Page } from "./board/Page";
import { takeView, viewParts } from "./board/table";
import { followFreshness } from "./state/freshness";
import { followAddress } from "./state/history";
import { followHues } from "./state/hues";
import { followNumerous } from "./state/numerous";
import { loadSession } from "./state/session";
import { fetchDetail, fetchGround, loadChart } from "./state/store";
import { followTheme } from "./state/theme";
import { followWalk } from "./state/walk";

followTheme();
followAddress({ take: takeView, parts: viewParts });
followHues();
followFreshness();
followWalk();
followNumerous();
void loadChart();
void loadSession();
void fetchGround();
void fetchDetail();
render(<Page />, document.getElementById("app")!);
