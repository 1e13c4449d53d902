/** The page that tells how the chart knows what it says: apart from the map, and without it. */
import { render } from "preact";
import "./styles/how-page.css";
import { Page } from "./how/Page";
import { loadSources } from "./how/state";
import { readAddress } from "./state/address";
import { followHues } from "./state/hues";
import { loadSession } from "./state/session";
import { chosenLang, loadWords } from "./state/store";
import { followTheme } from "./state/theme";

followTheme();
followHues();
chosenLang.value = readAddress(location.search).lang;
void loadWords();
void loadSources();
void loadSession();
render(<Page />, document.getElementById("app")!);
