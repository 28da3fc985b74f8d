// Reads the scripts and style sheets of the page, and says what browsers of 2019 do not know, and where a text could become
// markup or code. Nothing is printed where nothing is wrong.
//
//     node lint.mjs ACORN FILE…          ACORN is the folder of node_modules that has acorn and acorn-walk

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const acorn = require('acorn');
const walk = require('acorn-walk');

// Makes markup or code of a text.
const MARKUP = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTML', 'setHTMLUnsafe', 'srcdoc',
  'createContextualFragment', 'DOMParser', 'parseFromString', 'eval', 'Function', 'importScripts', 'XSLTProcessor']);
// Came after Chromium 78. What the language has added is found by tsc with the library of ES2019.
const NEWER = new Set(['replaceAll', 'at', 'structuredClone', 'hasOwn', 'findLast', 'findLastIndex', 'replaceChildren', 'inert',
  'randomUUID', 'toSorted', 'toReversed', 'checkVisibility', 'showPopover', 'moveBefore', 'scrollend', 'any', 'matchAll']);
const STYLE = [
  [/(?:^|[;{\s])(?:row-|column-)?gap\s*:/, 'gap, which flex boxes have since Chromium 84; grids have grid-gap'],
  [/(?:^|[;{\s])(?:inset|aspect-ratio|accent-color|translate|rotate|scale)\s*:/, 'a property that is newer'],
  [/:(?:is|where|has)\(/, 'a selector that is newer'],
  [/(?:^|[^a-z-])(?:min|max|clamp|color-mix)\(/, 'a function that is newer'],
  [/@(?:layer|container|property)\b/, 'a rule that is newer'],
  [/\d[dsl]v[hw]\b/, 'a unit that is newer'],
  [/url\(/, 'url(), which loads something'],
];

let wrong = 0;
function tell(file, line, words) {
  wrong += 1;
  console.log(`${file}:${line}: ${words}`);
}

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.css')) {
    const plain = text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
    plain.split('\n').forEach((line, at) => STYLE.filter(([pattern]) => pattern.test(line)).forEach(([, words]) => tell(file, at + 1, words)));
  } else {
    script(file, text);
  }
}
process.exit(wrong === 0 ? 0 : 1);

function script(file, text) {
  let tree;
  try {
    tree = acorn.parse(text, { ecmaVersion: 2019, sourceType: 'module', locations: true });
  } catch (error) {
    tell(file, error.loc ? error.loc.line : 1, `no ES2019: ${error.message}`);
    return;
  }
  const isElements = file.endsWith('/dom.js');
  const named = (name, node, isMember) => {
    if (MARKUP.has(name)) {
      tell(file, node.loc.start.line, `${name} makes markup or code of a text`);
    } else if (isMember && NEWER.has(name)) {
      tell(file, node.loc.start.line, `${name} is newer than Chromium 78`);
    }
  };
  const address = (value) => {
    // What an address begins with is written here; a blob is of this page.
    let first = value;
    while (first.type === 'BinaryExpression') {
      first = first.left;
    }
    const isWritten = first.type === 'Literal' && /^[#/]/.test(String(first.value));
    const isBlob = value.type === 'CallExpression' && value.callee.type === 'MemberExpression' && value.callee.property.name === 'createObjectURL';
    if (!isWritten && !isBlob) {
      tell(file, value.loc.start.line, 'an address that comes from elsewhere');
    }
  };
  walk.full(tree, (node) => {
    switch (node.type) {
      case 'MemberExpression':
        named(node.computed ? node.property.value : node.property.name, node, true);
        if (node.object.name === 'document' && /^write/.test(node.property.name)) {
          tell(file, node.loc.start.line, 'document.write makes markup of a text');
        }
        break;
      case 'Identifier':
        named(node.name, node, false);
        break;
      case 'Property': {
        const key = node.key.name || node.key.value;
        named(key, node, false);
        if (key === 'href') {
          address(node.value);
        } else if (key === 'style') {
          tell(file, node.loc.start.line, 'a style that is no class: the policy of the page refuses it');
        }
        break;
      }
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression') {
          if (node.left.computed && node.left.property.type !== 'Literal' && /^(element|node|field|input)/.test(node.left.object.name || '') && !isElements) {
            tell(file, node.loc.start.line, 'a property of an element by a computed name');
          }
          if (node.left.property.name === 'href') {
            address(node.right);
          }
        }
        break;
      case 'CallExpression': {
        const name = node.callee.type === 'MemberExpression' ? node.callee.property.name : node.callee.name;
        const first = node.arguments[0];
        if (name === 'setAttribute' && !isElements && (first.type !== 'Literal' || /^(on|href|src|style)/i.test(String(first.value)))) {
          tell(file, node.loc.start.line, 'an attribute that is code or an address');
        }
        if ((name === 'setTimeout' || name === 'setInterval') && (first.type === 'Literal' || first.type === 'TemplateLiteral' || first.type === 'BinaryExpression')) {
          tell(file, node.loc.start.line, 'a timer with code as text');
        }
        break;
      }
      case 'ImportExpression':
        tell(file, node.loc.start.line, 'a script that is loaded by name');
        break;
      default:
    }
  });
}
