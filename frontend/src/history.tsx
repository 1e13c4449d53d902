/** The page of what was published, by whom, when and why; each changeset opens to what it did. */
import { render } from "preact";
import "./styles/history-page.css";
import { begin } from "./history/log";
import { Page } from "./history/Page";
import { readAddress } from "./state/address";
import { followHues } from "./state/hues";
import { chosenLang, loadChart } from "./state/store";
import { followTheme } from "./state/theme";

followTheme();
followHues();
chosenLang.value = readAddress(location.search).lang;
void loadChart();
void begin();
render(<Page />, document.getElementById("app")!);
