// CardService as far as a homepage card needs it: what a builder is told becomes plain data, which the desk draws.

const BUILDERS = {
  newAction: 'action',
  newButtonSet: 'buttonSet',
  newCardBuilder: 'card',
  newCardHeader: 'header',
  newCardSection: 'section',
  newDecoratedText: 'decoratedText',
  newDivider: 'divider',
  newImage: 'image',
  newOpenLink: 'openLink',
  newTextButton: 'textButton',
  newTextParagraph: 'textParagraph',
};

export function installCardService() {
  const factories = Object.entries(BUILDERS).map(([name, type]) => [name, () => builder(type)]);
  Object.assign(globalThis, {
    CardService: {
      ...Object.fromEntries(factories),
      TextButtonStyle: { TEXT: 'TEXT', FILLED: 'FILLED', OUTLINED: 'OUTLINED' },
    },
  });
}

/**
 * setX(value) keeps a value, addX(value) adds one to a list, build() ends.
 * @param {string} type
 * @returns {unknown}
 */
function builder(type) {
  /** @type {{[name: string]: unknown}} */
  const data = { type };
  const self = new Proxy(data, {
    get(_, method) {
      if (typeof method === 'symbol' || method in data || method === 'toJSON') return Reflect.get(data, method);
      if (method === 'build') return () => self;
      const [, verb, name = ''] = /^(set|add)([A-Z]\w*)$/.exec(method) ?? [];
      if (!verb) return undefined;
      const key = name.charAt(0).toLowerCase() + name.slice(1);
      return (/** @type {unknown} */ value) => {
        if (verb === 'set') data[key] = value;
        else data.parts = [...(Array.isArray(data.parts) ? data.parts : []), value];
        return self;
      };
    },
  });
  return self;
}
