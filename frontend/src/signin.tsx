/** The page to sign in on: apart from the map, so that it is there at once. */
import { render } from "preact";
import "./styles/signin-page.css";
import { SignIn } from "./panels/SignIn";
import { readAddress } from "./state/address";
import { loadSession } from "./state/session";
import { chosenLang } from "./state/store";
import { followTheme } from "./state/theme";

followTheme();
chosenLang.value = readAddress(location.search).lang;
void loadSession();
render(<SignIn />, document.getElementById("app")!);
