import katex from 'katex';
import { Marked, type TokenizerAndRendererExtension } from 'marked';
import sanitizeHtml from 'sanitize-html';
import { Html } from '../../report/html.ts';

export interface MarkdownOptions {
  /** Where a link of the text leads in the site; undefined leaves it as it is. */
  link?: ((href: string) => string | undefined) | undefined;
  /** Prefix of the ids of headings, so that texts of one page do not share them. Default `h`. */
  headings?: string | undefined;
}

/**
 * Markdown of a notebook cell (GitHub's dialect, `$…$` and `$$…$$` as formulas) as HTML that is safe to put into a page:
 * of the HTML in it only harmless elements stay (`cleanHtml`). Formulas become MathML, which browsers draw without fonts
 * or scripts of ours.
 */
export function markdownHtml(text: string, options: MarkdownOptions = {}): Html {
  const formulas: string[] = [];
  const marked = new Marked({ gfm: true, async: false });
  marked.use({ extensions: [formula('block', formulas), formula('inline', formulas)] });
  const clean = cleanHtml(marked.parse(text) as string, options).text;
  // Formulas are put in last: the cleaning knows no MathML, and an attribute's `<` and `"` are escaped by then.
  return new Html(
    clean.replace(/<span data-formula="(\d+)"><\/span>/g, (_, at) => formulas[Number(at)] ?? ''),
  );
}

/** Elements and attributes that text, tables and folded solutions need, none that can run, load or cover anything. */
export function cleanHtml(markup: string, options: MarkdownOptions = {}): Html {
  const { link = () => undefined, headings = 'h' } = options;
  const taken = new Map<string, number>();
  const clean = sanitizeHtml(markup, {
    allowedTags: [
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'br', 'hr', 'blockquote'],
      ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'details', 'summary', 'pre', 'code', 'kbd'],
      ...['b', 'strong', 'i', 'em', 's', 'del', 'u', 'sub', 'sup', 'small', 'mark', 'abbr', 'a'],
      ...['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'img'],
    ],
    allowedAttributes: {
      a: ['href', 'title', 'rel'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      details: ['open'],
      ol: ['start'],
      abbr: ['title'],
      span: ['data-formula'],
      th: ['style', 'align', 'scope', 'colspan', 'rowspan'],
      td: ['style', 'align', 'colspan', 'rowspan'],
    },
    allowedStyles: { '*': { 'text-align': [/^(?:left|right|center)$/] } },
    allowedSchemes: ['https', 'http', 'mailto'],
    // Pictures only from within the text: a page of the site loads nothing from elsewhere.
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    exclusiveFilter: ({ tag, attribs }) =>
      tag === 'img' && !/^data:image\//.test(attribs.src ?? ''),
    transformTags: {
      a: (tagName, attribs) => {
        const href = link(attribs.href ?? '') ?? attribs.href ?? '';
        return { tagName, attribs: { ...attribs, href, rel: 'noopener noreferrer' } };
      },
    },
  });
  return new Html(
    withScopes(clean).replace(/<(h[1-6])>([\s\S]*?)<\/\1>/g, (_, tag: string, inner: string) => {
      const slug = `${headings}-${slugOf(inner)}`;
      const count = (taken.get(slug) ?? 0) + 1;
      taken.set(slug, count);
      return `<${tag} id="${slug}${count > 1 ? `-${count}` : ''}">${inner}</${tag}>`;
    }),
  );
}

/** Headers of columns and rows, for tables whose maker did not write which is which. */
function withScopes(markup: string): string {
  const headers = (part: string, scope: string) =>
    part.replace(/<th(?![^>]*\sscope=)(?=[\s>])/g, `<th scope="${scope}"`);
  const rows = markup.replace(/<tbody>[\s\S]*?<\/tbody>/g, (body) => headers(body, 'row'));
  return headers(rows, 'col');
}

/** Letters and digits only, so that ids need no escaping. */
function slugOf(markup: string): string {
  const text = markup.replace(/<[^>]*>|&[^;]*;/g, '').toLowerCase();
  return text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

/** `$…$` as in Jupyter and on GitHub: no space inside the dollars, no digit after them (prices are no formulas). */
const inlineFormula = /^(?:\$\$([^$]+?)\$\$|\$(?!\s)((?:\\[\s\S]|[^\\$\n`])+?)(?<!\s)\$(?!\d))/;
const blockFormula = /^\$\$([\s\S]+?)\$\$[ \t]*(?:\n|$)/;

function formula(level: 'block' | 'inline', store: string[]): TokenizerAndRendererExtension {
  const rule = level === 'block' ? blockFormula : inlineFormula;
  return {
    name: `${level}-formula`,
    level,
    // A block formula must start a line; elsewhere it would break the paragraph.
    start: (text) => {
      const at = level === 'block' ? text.search(/(?<=\n)\$\$/) : text.indexOf('$');
      return at < 0 ? undefined : at;
    },
    tokenizer(text) {
      const match = rule.exec(text);
      if (match === null) return undefined;
      const tex = match[1] ?? match[2];
      return { type: `${level}-formula`, raw: match[0], tex, display: match[1] !== undefined };
    },
    renderer({ tex, display }) {
      store.push(formulaMarkup(tex, display));
      return `<span data-formula="${store.length - 1}"></span>`;
    },
  };
}

/** A formula as MathML. What is no formula is shown as it is written, in red. */
export function formulaMarkup(tex: string, displayMode = false): string {
  return katex.renderToString(tex, {
    output: 'mathml',
    displayMode,
    throwOnError: false,
    strict: 'ignore',
    trust: false,
    maxExpand: 200,
  });
}
