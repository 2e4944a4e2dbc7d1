import { checkSdkCatalogs } from './sdk-catalogs';
import { checkSdkEvents } from './sdk-events';
import { checkSdkModules } from './sdk-modules';
import { checkSdkPlugins } from './sdk-plugins';

describe("the modules of Wix's SDK, in CommonJS, under Jest", () => {
  it('call Wix with the tokens of this module', checkSdkModules);
  it('serve products of both catalogs, contacts and installations', checkSdkCatalogs);
  it('name the events that handlers take', checkSdkEvents);
  it('name the service plugins that classes answer', checkSdkPlugins);
});
