/** The page on which files are brought, reviewed, published and taken back: apart from the map's. */
import { render } from "preact";
import "./styles/upload-page.css";
import { readAddress } from "./state/address";
import { followHues } from "./state/hues";
import { chosenLang, fetchGround, loadChart } from "./state/store";
import { followTheme } from "./state/theme";
import { followForm } from "./upload/flow";
import { begin, Page } from "./upload/Page";

followTheme();
followHues();
followForm();
chosenLang.value = readAddress(location.search).lang;
void loadChart();
void fetchGround();
void begin();
render(<Page />, document.getElementById("app")!);
