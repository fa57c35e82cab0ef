/** Says when something is painted, and how long frames take: in the page, where it costs least. */
globalThis.__watch = (() => {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  let times = [];
  let isOn = false;
  return {
    /** When all of these were there and painted, in milliseconds since the page was asked for. */
    async there(selectors) {
      while (!selectors.every((one) => document.querySelector(one))) await new Promise(requestAnimationFrame);
      await painted();
      return performance.now();
    },
    async measured(name) {
      for (;;) {
        const found = performance.getEntriesByName(name, 'measure').at(-1);
        if (found) return found.duration;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    frames() {
      times = [];
      isOn = true;
      let last = performance.now();
      const next = () => {
        const now = performance.now();
        times.push(now - last);
        last = now;
        if (isOn) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    stop() {
      isOn = false;
      return times;
    },
    /** From the moment that the address changes until the text of an element is another one. */
    async answered(selector, text) {
      const replace = history.replaceState.bind(history);
      const push = history.pushState.bind(history);
      const began = new Promise((resolve) => {
        const note = (go) => (...words) => {
          resolve(performance.now());
          go(...words);
        };
        history.replaceState = note(replace);
        history.pushState = note(push);
      });
      const input = document.querySelector('#filter');
      const before = document.querySelector(selector).textContent;
      const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
      write.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      const start = await began;
      while (document.querySelector(selector).textContent === before) await new Promise(requestAnimationFrame);
      await painted();
      [history.replaceState, history.pushState] = [replace, push];
      return performance.now() - start;
    },
  };
})();
