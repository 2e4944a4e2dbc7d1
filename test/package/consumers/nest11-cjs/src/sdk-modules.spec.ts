import { checkSdkEvents } from './sdk-events';
import { checkSdkModules } from './sdk-modules';

describe("the modules of Wix's SDK, in CommonJS, under Jest", () => {
  it('call Wix with the tokens of this module', checkSdkModules);
  it('name the events that handlers take', checkSdkEvents);
});
