/** The part of dcmjs that nacre calls; the package brings no types. */
declare module 'dcmjs' {
  type Dict = Record<string, unknown>;
  const dcmjs: {
    log: { setLevel(level: string): void };
    data: {
      DicomDict: new (meta: Dict) => { dict: Dict; write(): ArrayBuffer };
      DicomMetaDictionary: { denaturalizeDataset(dataSet: Dict): Dict };
    };
  };
  export default dcmjs;
}
