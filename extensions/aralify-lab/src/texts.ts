/** The two languages of every sentence here. The Filipino comes from the one catalogue of the project, at build time. */

export type Catalogue = Record<string, string | string[]>;

/** `_("Level {level}", { level: 3 })`, and `_.plural("{n} day", "{n} days", n)`. */
export interface Translator {
  (message: string, values?: Record<string, unknown>): string;
  plural(one: string, many: string, n: number): string;
  language: string;
}

/** Mark a text for translation and return it as it is. */
export function N_(message: string): string {
  return message;
}

/** Return the texts of a language; where the catalogue has none, the English. */
export function translator(language: string, filipino: Catalogue): Translator {
  const catalogue = language === "fil" ? filipino : {};
  const translate = (message: string, values: Record<string, unknown> = {}): string => {
    const found = catalogue[message];
    return filled(typeof found === "string" ? found : message, values);
  };
  const plural = (one: string, many: string, n: number): string => {
    const found = catalogue[one];
    const forms = Array.isArray(found) ? found : [one, many];
    return filled(n === 1 ? forms[0] : forms[1], { n });
  };
  return Object.assign(translate, { plural, language });
}

/** Return the text in a language, else in any that has one. */
export function inLanguage(texts: Record<string, string>, language: string): string {
  return texts[language] || Object.values(texts).find(text => text) || "";
}

/** Return the language to speak: the one chosen, else the browser's, else English. */
export function spoken(chosen: string, browser: string): string {
  return chosen || (/^(fil|tl)\b/i.test(browser) ? "fil" : "en");
}

function filled(text: string, values: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
