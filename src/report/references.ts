/** Works that methods texts cite: how a sentence names them, and the entry of the list. */
const works = {
  brodersen: {
    short: 'Brodersen et al. 2010',
    full: 'Brodersen KH, Ong CS, Stephan KE, Buhmann JM. The balanced accuracy and its posterior distribution. ICPR 2010, 3121–3124. doi:10.1109/ICPR.2010.764',
  },
  zwanenburg: {
    short: 'Zwanenburg et al. 2019',
    full: 'Zwanenburg A, Leger S, Agolli L, et al. Assessing robustness of radiomic features by image perturbation. Sci Rep 2019; 9: 614. doi:10.1038/s41598-018-36938-4',
  },
  shrout: {
    short: 'Shrout and Fleiss 1979',
    full: 'Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. Psychol Bull 1979; 86: 420–428. doi:10.1037/0033-2909.86.2.420',
  },
  ding: {
    short: 'Ding and Peng 2005',
    full: 'Ding C, Peng H. Minimum redundancy feature selection from microarray gene expression data. J Bioinform Comput Biol 2005; 3: 185–205. doi:10.1142/S0219720005001004',
  },
  peng: {
    short: 'Peng et al. 2005',
    full: 'Peng H, Long F, Ding C. Feature selection based on mutual information: criteria of max-dependency, max-relevance, and min-redundancy. IEEE Trans Pattern Anal Mach Intell 2005; 27: 1226–1238. doi:10.1109/TPAMI.2005.159',
  },
  guyon: {
    short: 'Guyon et al. 2002',
    full: 'Guyon I, Weston J, Barnhill S, Vapnik V. Gene selection for cancer classification using support vector machines. Mach Learn 2002; 46: 389–422. doi:10.1023/A:1012487302797',
  },
  xgboost: {
    short: 'Chen and Guestrin 2016',
    full: 'Chen T, Guestrin C. XGBoost: a scalable tree boosting system. KDD 2016, 785–794. doi:10.1145/2939672.2939785',
  },
  ridge: {
    short: 'le Cessie and van Houwelingen 1992',
    full: 'le Cessie S, van Houwelingen JC. Ridge estimators in logistic regression. J R Stat Soc C 1992; 41: 191–201. doi:10.2307/2347628',
  },
  lasso: {
    short: 'Tibshirani 1996',
    full: 'Tibshirani R. Regression shrinkage and selection via the lasso. J R Stat Soc B 1996; 58: 267–288. doi:10.1111/j.2517-6161.1996.tb02080.x',
  },
  holm: {
    short: 'Holm 1979',
    full: 'Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979; 6: 65–70',
  },
  youden: {
    short: 'Youden 1950',
    full: 'Youden WJ. Index for rating diagnostic tests. Cancer 1950; 3: 32–35. doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3',
  },
  nadeau: {
    short: 'Nadeau and Bengio 2003',
    full: 'Nadeau C, Bengio Y. Inference for the generalization error. Mach Learn 2003; 52: 239–281. doi:10.1023/A:1024068626366',
  },
  bouckaert: {
    short: 'Bouckaert and Frank 2004',
    full: 'Bouckaert RR, Frank E. Evaluating the replicability of significance tests for comparing learning algorithms. PAKDD 2004, LNCS 3056: 3–12. doi:10.1007/978-3-540-24775-3_3',
  },
  delong: {
    short: 'DeLong et al. 1988',
    full: 'DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver operating characteristic curves: a nonparametric approach. Biometrics 1988; 44: 837–845. doi:10.2307/2531595',
  },
  wilson: {
    short: 'Wilson 1927',
    full: 'Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 1927; 22: 209–212. doi:10.1080/01621459.1927.10502953',
  },
  johnson: {
    short: 'Johnson et al. 2007',
    full: 'Johnson WE, Li C, Rabinovic A. Adjusting batch effects in microarray expression data using empirical Bayes methods. Biostatistics 2007; 8: 118–127. doi:10.1093/biostatistics/kxj037',
  },
  fortin: {
    short: 'Fortin et al. 2018',
    full: 'Fortin JP, Cullen N, Sheline YI, et al. Harmonization of cortical thickness measurements across scanners and sites. NeuroImage 2018; 167: 104–120. doi:10.1016/j.neuroimage.2017.11.024',
  },
  nogueira: {
    short: 'Nogueira et al. 2018',
    full: 'Nogueira S, Sechidis K, Brown G. On the stability of feature selection algorithms. J Mach Learn Res 2018; 18(174): 1–54',
  },
  ojala: {
    short: 'Ojala and Garriga 2010',
    full: 'Ojala M, Garriga GC. Permutation tests for studying classifier performance. J Mach Learn Res 2010; 11: 1833–1863',
  },
  pyradiomics: {
    short: 'van Griethuysen et al. 2017',
    full: 'van Griethuysen JJM, Fedorov A, Parmar C, et al. Computational radiomics system to decode the radiographic phenotype. Cancer Res 2017; 77: e104–e107. doi:10.1158/0008-5472.CAN-17-0339',
  },
  ibsi: {
    short: 'Zwanenburg et al. 2020',
    full: 'Zwanenburg A, Vallières M, Abdalah MA, et al. The Image Biomarker Standardization Initiative. Radiology 2020; 295: 328–338. doi:10.1148/radiol.2020191145',
  },
  medicalnet: {
    short: 'Chen et al. 2019',
    full: 'Chen S, Ma K, Zheng Y. Med3D: transfer learning for 3D medical image analysis. arXiv:1904.00625, 2019',
  },
  vanCalster: {
    short: 'Van Calster et al. 2019',
    full: 'Van Calster B, McLernon DJ, van Smeden M, et al. Calibration: the Achilles heel of predictive analytics. BMC Med 2019; 17: 230. doi:10.1186/s12916-019-1466-7',
  },
  vickers: {
    short: 'Vickers and Elkin 2006',
    full: 'Vickers AJ, Elkin EB. Decision curve analysis: a novel method for evaluating prediction models. Med Decis Making 2006; 26: 565–574. doi:10.1177/0272989X06295361',
  },
  lundberg: {
    short: 'Lundberg et al. 2020',
    full: 'Lundberg SM, Erion G, Chen H, et al. From local explanations to global understanding with explainable AI for trees. Nat Mach Intell 2020; 2: 56–67. doi:10.1038/s42256-019-0138-9',
  },
  riley: {
    short: 'Riley et al. 2020',
    full: 'Riley RD, Ensor J, Snell KIE, et al. Calculating the sample size required for developing a clinical prediction model. BMJ 2020; 368: m441. doi:10.1136/bmj.m441',
  },
  benjamini: {
    short: 'Benjamini and Hochberg 1995',
    full: 'Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple testing. J R Stat Soc B 1995; 57: 289–300. doi:10.1111/j.2517-6161.1995.tb02031.x',
  },
} as const;

export type Work = keyof typeof works;

/** Collects the works that a text cites, in the order in which it first does. */
export class Citations {
  private readonly cited = new Set<Work>();

  /** `(Ding and Peng 2005)`; several works share the parentheses. */
  cite(...names: readonly Work[]): string {
    for (const name of names) this.cited.add(name);
    return `(${names.map((name) => works[name].short).join('; ')})`;
  }

  /** The list at the end of the text. */
  get references(): string[] {
    return [...this.cited].map((name) => works[name].full);
  }
}
