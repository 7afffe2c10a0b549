"""What is asked of a page in a browser: overflow, clipped text, size of letters, contrast."""

from __future__ import annotations

_SEEN = """
const seen = (node) => {
  const style = getComputedStyle(node);
  if (style.visibility !== 'visible' || node.closest('caption.hidden, .skip')) return false;
  return node.checkVisibility ? node.checkVisibility() : node.getClientRects().length > 0;
};
const own = (node) => [...node.childNodes].filter((one) => one.nodeType === 3)
  .map((one) => one.data.trim()).join(' ').trim();
const texts = () => [...document.body.querySelectorAll('*')].filter(
  (node) => !['title', 'desc', 'style', 'script'].includes(node.localName) && own(node) && seen(node));
const scale = (node) => {
  const svg = node.ownerSVGElement;
  return svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
};
const said = (node) => `${node.localName}.${node.getAttribute('class') || ''} ${own(node).slice(0, 40)}`;
"""

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

CLIPPED = f"""() => {{ {_SEEN}
  const hides = (style) => [style.overflowX, style.overflowY].some((one) => ['hidden', 'clip'].includes(one));
  const cut = texts().filter((node) => !node.ownerSVGElement && hides(getComputedStyle(node)) &&
    (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1));
  const outside = texts().filter((node) => {{
    if (!node.ownerSVGElement) return false;
    const [box, frame] = [node.getBoundingClientRect(), node.ownerSVGElement.getBoundingClientRect()];
    return box.left < frame.left - 2 || box.right > frame.right + 2 ||
      box.top < frame.top - 2 || box.bottom > frame.bottom + 2;
  }});
  return [...cut, ...outside].map(said);
}}"""
"""Boxes that hide a part of their text, and letters of drawings outside of them."""

SMALL = f"""(least) => {{ {_SEEN}
  return texts().map((node) => [parseFloat(getComputedStyle(node).fontSize) * scale(node), node])
    .filter(([size]) => size < least - 0.01).map(([size, node]) => `${{size.toFixed(1)}}px ${{said(node)}}`);
}}"""
"""Texts whose letters are smaller on the screen than `least` pixels."""

FAINT = f"""(least) => {{ {_SEEN}
  const parsed = (text) => {{
    const numbers = (text.match(/[\\d.]+/g) || []).map(Number);
    const whole = numbers.slice(0, 3).map((part) => text.startsWith('color(') ? 255 * part : part);
    return numbers.length < 3 ? null : [...whole, numbers.length > 3 ? numbers[3] : 1];
  }};
  const light = (colour) => colour.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, row) => sum + part * [0.2126, 0.7152, 0.0722][row], 0);
  const over = (top, under) => [0, 1, 2].map((row) => top[3] * top[row] + (1 - top[3]) * under[row]);
  const painted = (node) => {{
    const shapes = ['path', 'rect', 'circle', 'ellipse', 'polygon', 'use'];
    if (node.ownerSVGElement && !shapes.includes(node.localName)) return null;
    const style = getComputedStyle(node);
    const colour = parsed(node.ownerSVGElement ? style.fill : style.backgroundColor);
    if (!colour || (node.ownerSVGElement && /^(none|url)/.test(style.fill))) return null;
    colour[3] *= parseFloat(style.opacity) * (node.ownerSVGElement ? parseFloat(style.fillOpacity) : 1);
    return colour[3] > 0 ? colour : null;
  }};
  const behind = (node) => {{
    const box = node.getBoundingClientRect();
    const stack = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const place = stack.indexOf(node);
    const under = place < 0 ? [] : stack.slice(place + 1);
    const layers = under.filter((one) => one.localName !== 'text').map(painted);
    if (!node.ownerSVGElement) layers.unshift(painted(node));
    if (place < 0) for (let one = node.parentElement; one; one = one.parentElement) layers.push(painted(one));
    return layers.filter(Boolean).reduceRight((below, top) => over(top, below), [255, 255, 255]);
  }};
  const found = [];
  for (const node of texts()) {{
    const style = getComputedStyle(node);
    const colour = parsed(node.ownerSVGElement ? style.fill : style.color);
    const under = behind(node);
    const [bright, dim] = [light(over(colour, under)), light(under)].sort((a, b) => b - a);
    const ratio = (bright + 0.05) / (dim + 0.05);
    const told = `${{ratio.toFixed(2)}} ${{said(node)}} ${{colour}} on ${{under.map(Math.round)}}`;
    if (ratio < least) found.push(told);
  }}
  return found;
}}"""
"""Texts whose contrast against what is behind them is below `least` (WCAG 2.2, 1.4.3)."""

SECTIONS = """() => [...document.querySelectorAll('section[id]')]
  .map((one) => [one.id, one.getBoundingClientRect().height])"""
