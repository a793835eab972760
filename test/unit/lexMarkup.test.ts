import assert from "node:assert/strict";
import test from "node:test";
import { indentsAt, openAt, testOpenFrames, tokensOf } from "../support/openFrames.js";

testOpenFrames("markup", [
  ["text holds brackets and quotes", "a.html", "it's (a <b>it's {", "</b>"],
  ["a start tag opens its element", "a.html", "<a><b>", "</a> </b>"],
  ["an end tag closes its element", "a.html", "<a><b></b>", "</a>"],
  ["an end tag closes everything that is open in its element", "a.html", "<a><div></a>", ""],
  ["a name may have punctuation and digits", "a.html", "<a-1.b:c_d>", "</a-1.b:c_d>"],
  ["a single angle bracket is text", "a.html", "a < b <c>", "</c>"],
  ["a single angle bracket may end the text", "a.html", "a <", ""],
  ["an element that closes itself", "a.xml", "<a><b/>", "</a>"],
  ["a void element", "a.html", "<p>a<br>b", "</p>"],
  ["a void element in capitals", "a.html", "<a><BR>", "</a>"],
  ["XML has no void elements", "a.xml", "<br>", "</br>"],
  ["names in HTML have no case", "a.html", "<B></b><A>", "</A>"],
  ["names in XML have case", "a.xml", "<B></b>", "</B>, stray </b>"],
  ["a declaration", "a.html", "<!DOCTYPE html><a>", "</a>"],
  ["an entity of XML", "a.xml", "<!ENTITY b><a>", "</a>"],
  ["a processing instruction of XML", "a.xml", "<?xml version='1'?><a>", "</a>"],
  ["a comment", "a.html", "<!-- <a> -- --><b>", "</b>"],
  ["a comment that is open", "a.html", "<a><!-- <b>", "</a> -->"],
  ["a section of XML", "a.xml", "<![CDATA[ <a> ]]><b>", "</b>"],
  ["an end tag with a space", "a.html", "<a></a ><b>", "</b>"],
  ["an end tag over two lines", "a.html", "<a></a\n><b>", "</b>"],
  ["an end tag that is not complete", "a.html", "<a></a<b>", "</b>"],
  ["an end tag without a start", "a.html", "<a></b>", "</a>, stray </b>"],
  ["an end tag of a paragraph without a start is an empty paragraph", "a.html", "<a></p>", "</a>"],
  ["an end tag of an item without a start is unmatched", "a.html", "<a></li>", "</a>, stray </li>"],
  ["an end tag of a paragraph without a start is unmatched in XML", "a.xml", "<a></p>", "</a>, stray </p>"],
  ["an end tag of a paragraph without a start is unmatched in JSX", "a.tsx", "a = <b></p>", "</b>, stray </p>"],
  ["an end tag of a void element ends nothing", "a.html", "<a></br></BR>", "</a>"],
  ["an end tag of a void element is unmatched in XML", "a.xml", "<a></br>", "</a>, stray </br>"],
  ["a long name", "a.html", `<${"a".repeat(60)}>`, `</${"a".repeat(60)}>`],
  ["of a longer name, only its start counts", "a.html", `<${"a".repeat(61)}>`, `</${"a".repeat(60)}>`],
]);

testOpenFrames("a tag", [
  ["is open until its end", "a.html", "<a>b<c d", "</a> c"],
  ["holds values in quotes", "a.html", "<a b='>' c=\">\">", "</a>"],
  ["holds values whose other quotes are text", "a.html", "<a b='\"' c=\"'\">", "</a>"],
  ["may have several lines", "a.html", "<a\n  b='c\n>'\n  d\n>", "</a>"],
  ["holds a value over two lines", "a.html", "<a b='\n><c>'>", "</a>"],
  ["holds a value over two lines in double quotes", "a.html", '<a b="\n><c>">', "</a>"],
  ["holds a value that is open", "a.html", "<a b='c>", "a '"],
  ["ends before another tag", "a.html", "<a b <c>", "</c>"],
  ["of JSX holds code", "a.tsx", "a = <b c={d('}')} e={(", "b } )"],
  ["of Svelte holds code", "a.svelte", "<b c={(", "b } )"],
  ["of HTML holds no code", "a.html", "<b c={(>", "</b>"],
  ["holds the tag of a template", "a.html", "<a {% if b > c %}d{% endif %}>", "</a>"],
  ["holds the tag of a template that is open", "a.html", "<a {% if b", "a %}"],
]);

testOpenFrames("an element of JSX", [
  ["may follow an operator", "a.tsx", "a = <b>it's", "</b>"],
  ["may follow a keyword", "a.tsx", "return <b>it's", "</b>"],
  ["may be a fragment", "a.tsx", "a = <>it's", "</>"],
  ["may be a fragment that ends", "a.tsx", "a = <>it's</>; f(", ")"],
  ["may hold code", "a.tsx", "a = <b>{c('</b>'", "</b> } )"],
  ["does not begin with a comparison", "a.tsx", "a <b && f(", ")"],
  ["does not begin with a comparison with a number", "a.tsx", "return <1 (", ")"],
  ["does not begin with the parameters of a type", "a.tsx", "a = <T,>(", ")"],
  ["does not begin with parameters that extend a type", "a.tsx", "a = <T extends U>(", ")"],
  ["may have an attribute that begins like `extends`", "a.tsx", "a = <b extended>(", "</b>"],
  ["does not exist in TypeScript without JSX", "a.ts", "a = <b>(", ")"],
  ["may have nested items", "a.tsx", "a = <li><li>", "</li> </li>"],
]);

testOpenFrames("an element without an end tag", [
  ["ends before the next item", "a.html", "<ul><li>a<li>b", "</ul> </li>"],
  ["may be in capitals", "a.html", "<UL><LI>a<LI>b", "</UL> </LI>"],
  ["ends with everything that is open in it", "a.html", "<ul><li><b>a<li>b", "</ul> </li>"],
  ["may be a paragraph before an item", "a.html", "<ul><p>a<li>b<p>c</li>", "</ul>"],
  ["may be a cell before the next row", "a.html", "<table><tr><td>a<tr>", "</table> </tr>"],
  ["does not end in another block", "a.html", "<li><ul><li>", "</li> </ul> </li>"],
  ["a paragraph goes on before inline elements", "a.html", "<p>a<b>", "</p> </b>"],
  ["items of other documents continue", "a.xml", "<li><li>", "</li> </li>"],
]);

testOpenFrames("code within markup", [
  ["a script", "a.html", "<script>it(", "</script> )"],
  ["a script with attributes", "a.html", "<script type='b'>it(", "</script> )"],
  ["a script in capitals", "a.html", "<SCRIPT>it(", "</SCRIPT> )"],
  ["a style sheet", "a.html", "<style>a { /* ' */", "</style> }"],
  ["PHP", "a.php", "<?php f('", "?> ) '"],
  ["PHP in capitals", "a.php", "<?PHP f('", "?> ) '"],
  ["an expression of PHP", "a.php", "<?= f('", "?> ) '"],
  ["XML has no scripts", "a.xml", "<script>(", "</script>"],
]);

const fits = 1000 - "{%".length - "%}".length;
testOpenFrames("an interpolation", [
  ["of Vue", "a.vue", "<a>{{ b(}}", "</a>"],
  ["of Vue that is open", "a.vue", "<a>{{ b('", "</a> }} ) '"],
  ["ends on its line", "a.vue", "<a>{{ b(\n<c>", "</a> </c>"],
  ["a single brace is text", "a.vue", "<a>{ b(}}", "</a>"],
  ["of Svelte", "a.svelte", "<a>{b('", "</a> } ) '"],
  ["of Svelte that begins with a bracket", "a.svelte", "<a>{(", "</a> } )"],
  ["of Svelte over two lines", "a.svelte", "<a>{b(\n", "</a> } )"],
  ["does not exist in XML", "a.xml", "<a>{{ b(", "</a>"],
  ["the tag of a template", "a.html", "{% if a < b %}<c>", "</c>"],
  ["a comment of a template", "a.html", "{# <a> #}<c>", "</c>"],
  ["may be a comment of a template that is open at the end", "a.html", "<a>{# <b>", "</a> #}"],
  ["a tag of a template ends on its line", "a.html", "{% <a>\n<b>", "</a> </b>"],
  ["Svelte has no tags of templates", "a.svelte", "{# <a> #}(", ""],
  ["other braces are text", "a.html", "{! <a> !}", "</a>"],
  ["a long tag of a template", "a.html", `{%${"a".repeat(fits - 3)}<b>%}`, ""],
  ["may not be a longer tag of a template", "a.html", `{%${"a".repeat(fits - 2)}<b>%}`, "</b>"],
  ["a long interpolation", "a.vue", `{{${"a".repeat(fits - 3)}<b>}}\n`, ""],
  ["may not be a longer interpolation of Vue", "a.vue", `{{${"a".repeat(fits - 2)}<b>}}\n`, "</b>"],
]);

test("the tokens of markup are its tags, with their angle brackets", () => {
  assert.deepEqual(tokensOf("a.html", "<a b='c'>d</a >"), ["<a", "'", "'", "", ">", "</a >"]);
  assert.deepEqual(tokensOf("a.html", "{{ a }}{% b %}<!-- c -->"), ["{{", "}}", "{%", "%}", "<!--", "-->"]);
  assert.deepEqual(tokensOf("a.html", "<?php f() ?><br></a\n>"), ["<?php", "(", ")", "?>", "<br", ">", "</a>"]);
  assert.deepEqual(tokensOf("a.html", "<a></a\n>"), ["<a", "", ">", "</a\n>"]);
});

test("the angle bracket of an end tag may be 60 bytes after its name", () => {
  const tokens = (blanks: number) => tokensOf("a.html", `<a></a${" ".repeat(blanks)}>`);
  assert.equal(tokens(60).at(-1), `</a${" ".repeat(60)}>`);
  assert.equal(tokens(61).at(-1), "</a");
});

test("the indentation of an element is that of the line that begins its tag, and code in the tag has its own", () => {
  assert.deepEqual(indentsAt("a.html", "  <a>\n    text\n      <b\n        c>\n"), [2, 6]);
  assert.deepEqual(indentsAt("a.tsx", "a = <b\n    c={"), [0, 4]);
  assert.deepEqual(indentsAt("a.html", "  <a>\n    text <b>"), [2, 4]);
});

test("an end tag without a start tag is unmatched, including its angle bracket", () => {
  assert.equal(openAt("a.xml", "</a></b\n>"), "stray </a>, stray </b>");
});
