export { WixAuthHealthIndicator } from './wix-auth-health.indicator.js';
