export { WixAuthInstrumentation, type WixAuthInstrumentationOptions } from './wix-auth-instrumentation.js';
