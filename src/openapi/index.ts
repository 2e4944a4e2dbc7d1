export { describeWixAuth, type DescribeWixAuthOptions } from './describe-wix-auth.js';
