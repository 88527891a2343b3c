// The package as this page imports it; what it gives is typed in package.ts.
declare module "image-sources";
