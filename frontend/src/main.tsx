import { render } from "preact";
import "leaflet/dist/leaflet.css";
import "./styles/index.css";
import { App } from "./panels/App";
import { followAddress } from "./state/history";
import { followHues } from "./state/hues";
import { fetchDetail, fetchGround, loadChart } from "./state/store";
import { followTheme } from "./state/theme";

followTheme();
followAddress();
followHues();
void loadChart();
void fetchGround();
void fetchDetail();
render(<App />, document.getElementById("app")!);
