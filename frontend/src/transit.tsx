/** The page of a resident: what opens near a place, when, and how sure; and every line as a strip. */
import { render } from "preact";
import "./styles/transit-page.css";
import { followHues } from "./state/hues";
import { loadSession } from "./state/session";
import { followTheme } from "./state/theme";
import { ask, fetchLines, fetchOffered, fetchWords, followAddress, followNetwork } from "./transit/ask";
import { Page } from "./transit/Page";
import { keepPage } from "./transit/shell";

followTheme();
followHues();
followAddress();
followNetwork();
void fetchWords();
void ask();
void fetchLines();
void fetchOffered();
void loadSession();
render(<Page />, document.getElementById("app")!);
keepPage();
